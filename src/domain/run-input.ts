import type { JsonObject } from './json.js';
import type { Plan } from './plan.js';
import type { Priority } from './task.js';
import type { RunRef } from './work.js';

export interface RepositoryRef {
  readonly id: string;
  readonly name: string;
  readonly defaultBranch: string;
}

/** What a rerun brings along from the run that it repeats. */
export interface Rerun {
  readonly of: string;
  readonly from: string;
  /**
   * The branch of the run's own repository and the commit at which it is made; `startAt` null: the steps that are done
   * again make it; null: the repeated run had none yet.
   */
  readonly branch: { readonly name: string; readonly startAt: string | null } | null;
  /** Ids of the steps whose recorded results are taken over. */
  readonly takeOver: readonly string[];
  /** Replaces parameters of the step `from`. */
  readonly params: JsonObject;
}

/** All that a run begins with, but its plans: kept in the run's row, so that a run can be started from the record. */
export interface RunInput {
  readonly runId: string;
  readonly number: number;
  readonly organisationId: string;
  readonly projectId: string;
  readonly pipeline: { readonly name: string; readonly version: number };
  readonly repository: RepositoryRef | null;
  /** Every repository that a step may name. */
  readonly repositories: readonly RepositoryRef[];
  /** number, slug, title, body, acceptance_criteria, checklist, labels, author. */
  readonly issue: JsonObject | null;
  readonly context: JsonObject;
  /** The branch of its repository that it goes on with, such as a pull request's; left out: it makes one of its own. */
  readonly branch?: string;
  readonly priority: Priority;
  readonly taskId: string | null;
  readonly requestedBy: { readonly id: string; readonly handle: string };
  readonly rerun: Rerun | null;
  /** Appended to every branch that the run and those it calls make: empty, or for a rerun `-r1`, `-r2`, … */
  readonly branchSuffix: string;
  /** Depth of child pipelines, to end a chain that calls itself. */
  readonly depth: number;
}

/** What starts the run workflow. */
export interface RunRequest {
  readonly input: RunInput;
  readonly plan: Plan;
  /** Plans of the pipelines that steps call, by name. */
  readonly children: Readonly<Record<string, { readonly version: number; readonly plan: Plan }>>;
}

/** What activities are told of a run. */
export const runRef = (input: RunInput): RunRef => ({
  organisationId: input.organisationId,
  projectId: input.projectId,
  runId: input.runId,
  number: input.number,
  pipeline: input.pipeline.name,
  repository: input.repository,
  issue: input.issue && { number: input.issue['number'] as number, title: input.issue['title'] as string },
  taskId: input.taskId,
  requestedBy: input.requestedBy.handle,
});
