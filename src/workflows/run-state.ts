import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { BatonError } from '../domain/errors.js';
import { evaluateExpression, isTruthy, type Scope } from '../domain/expression.js';
import { jsonBytes, type Json, type JsonObject } from '../domain/json.js';
import { PLAN_LIMITS, type PlanStep, type StepMap } from '../domain/plan.js';
import { runRef, type RepositoryRef, type RunRequest } from '../domain/run-input.js';
import { openRunStatus, type RunStatus, type StepStatus } from '../domain/run-state.js';
import { slugify } from '../domain/slug.js';
import { render, type Template } from '../domain/template.js';
import type { RunRef, StepRef } from '../domain/work.js';
import { record, work } from './activities.js';
import { Reassignments } from './reassign.js';
import { STATUS_ATTRIBUTE } from './search-attributes.js';

/** One item of a mapped step. */
export interface Item {
  readonly value: Json;
  readonly index: number;
}

/** What one step may be given: it travels in a payload, of which Temporal takes 2 MiB. */
const MAX_PARAMS_BYTES = 256 * 1024;
/** It fetches the repository. */
const CHOOSE_BRANCH_TIMEOUT_MS = 600_000;

/** What a run knows while it goes on: where each step stands, what finished steps handed on, which branches it made. */
export class RunState {
  readonly request: RunRequest;
  readonly run: RunRef;
  readonly statuses: Map<string, StepStatus>;
  /** Nothing new starts. */
  paused = false;
  /** Whom people gave steps to. */
  readonly reassigned = new Reassignments();
  /** The agent that did each step, for `same`. */
  readonly agents = new Map<string, string>();
  #shown = '';
  #shownStatus: RunStatus = 'running';
  readonly #steps: ReadonlyMap<string, PlanStep>;
  readonly #outputs = new Map<string, Json>();
  readonly #branches = new Map<string, string>();
  readonly #choices = new Map<string, Promise<string>>();
  #outputBytes = 0;

  constructor(request: RunRequest) {
    const { input, plan } = request;
    this.request = request;
    this.run = runRef(input);
    this.#steps = new Map(plan.steps.map((step) => [step.id, step]));
    this.statuses = new Map(plan.steps.map((step) => [step.id, 'pending']));
    if (input.branch !== undefined && input.repository) this.#branches.set(input.repository.id, input.branch);
    if (input.rerun?.branch && input.repository) this.#branches.set(input.repository.id, input.rerun.branch.name);
  }

  /** A rerun begins with the recorded results of the steps that it does not repeat, on a branch of its own. */
  async takeOver(): Promise<void> {
    const { rerun } = this.request.input;
    if (!rerun) return;
    const steps = rerun.takeOver.map((id) => ({ id, reads: this.#steps.get(id)!.reads }));
    const { branch } = rerun;
    const taken = await record.takeOver({
      run: this.run,
      of: rerun.of,
      steps,
      branch: branch && branch.startAt !== null ? { name: branch.name, startAt: branch.startAt } : null,
    });
    for (const [id, { status, output, agentId }] of Object.entries(taken)) {
      this.statuses.set(id, status);
      this.keepOutput(id, output);
      if (agentId !== null) this.agents.set(id, agentId);
    }
  }

  refOf(step: string, item: number | null | undefined = null): StepRef {
    return { run: this.run, step, name: this.#steps.get(step)!.name, item: item ?? null };
  }

  keepOutput(step: string, output: Json): void {
    this.#outputBytes += jsonBytes(output);
    if (this.#outputBytes > PLAN_LIMITS.runOutputBytes) {
      throw new BatonError(
        'run-output-too-large',
        `The steps of this run hand on more than ${PLAN_LIMITS.runOutputBytes} bytes in all; read smaller parts of their outputs.`,
      );
    }
    this.#outputs.set(step, output);
  }

  /** The step's parameters, rendered; a rerun may replace some of the step that it starts from. */
  params(step: PlanStep, item: Item | null): JsonObject {
    const { rerun } = this.request.input;
    const rendered = this.render(step.params, item) as JsonObject;
    const params = rerun?.from === step.id ? { ...rendered, ...rerun.params } : rendered;
    const bytes = jsonBytes(params);
    if (bytes <= MAX_PARAMS_BYTES) return params;
    throw new BatonError(
      'input-too-large',
      `The parameters of ${step.name} are ${bytes} bytes; at most ${MAX_PARAMS_BYTES} are allowed. Put larger values into a file of the repository.`,
    );
  }

  render(template: Template, item: Item | null): Json {
    let scope: Scope | undefined;
    return render(template, (expression) => evaluateExpression(expression, (scope ??= this.#scope(item))));
  }

  holds(expression: string): boolean {
    return isTruthy(evaluateExpression(expression, this.#scope(null)));
  }

  /** What a step is mapped over in this run; null: it is done once. */
  mapOf({ map }: PlanStep): StepMap | null {
    return map?.repositories === 'project' && this.request.input.repository ? null : map;
  }

  /** The repository that a step works in: the one it names, or the run's own. */
  repositoryOf(step: PlanStep, item: Item | null): RepositoryRef | null {
    const isRunsOwn = step.map !== null && this.mapOf(step) === null;
    if (step.repository === null || isRunsOwn) return this.request.input.repository;
    const name = this.render(step.repository, item);
    const found = this.request.input.repositories.find((repository) => repository.name === name);
    if (!found) {
      const known = this.request.input.repositories.map((repository) => repository.name).join(', ');
      throw new BatonError(
        'repository-not-found',
        `The step ${step.name} names the repository ${JSON.stringify(name)}; this project has ${known}.`,
      );
    }
    return found;
  }

  /** The repository of a step as a whole: of a mapped one, whose items may name others, the run's own. */
  repositoryBefore(step: PlanStep): RepositoryRef | null {
    return step.map ? this.request.input.repository : this.repositoryOf(step, null);
  }

  /** Whether people approved right before this step. */
  isApprovedBefore({ dependsOn }: PlanStep): boolean {
    return dependsOn.some((id) => this.#steps.get(id)?.kind === 'approval' && this.statuses.get(id) === 'succeeded');
  }

  branchIn(repository: RepositoryRef | null): string | null {
    return repository ? (this.#branches.get(repository.id) ?? null) : null;
  }

  keepBranch(repository: RepositoryRef, branch: string): void {
    this.#branches.set(repository.id, branch);
  }

  /** The branch of the run's work for agents: where no step made one, chosen once so that no other branch clashes. */
  async chooseWorkBranch(repository: RepositoryRef): Promise<string> {
    const known = this.branchIn(repository);
    if (known !== null) return known;
    const { chooseBranch } = work(CHOOSE_BRANCH_TIMEOUT_MS, 'choose a branch');
    const request = { run: this.run, repository, wanted: this.workBranch(repository) };
    const choice = this.#choices.get(repository.id) ?? chooseBranch(request);
    this.#choices.set(repository.id, choice);
    const branch = await choice;
    this.keepBranch(repository, branch);
    return branch;
  }

  /** The branch of the run's work as far as it is known: its name holds the run's number, which no other run has. */
  workBranch(repository: RepositoryRef): string {
    const known = this.branchIn(repository);
    if (known !== null) return known;
    const { number, pipeline, issue } = this.request.input;
    const subject = issue ? `${issue['number'] as number}-${issue['slug'] as string}-` : '';
    return `${slugify(pipeline.name)}/${subject}run-${number}`;
  }

  /** Keeps Temporal's own list and page telling what the run does; says nothing twice. */
  show(status: RunStatus = openRunStatus(this.statuses.values())): void {
    const details = this.#describe(status);
    if (details !== this.#shown) setCurrentDetails((this.#shown = details));
    if (status === this.#shownStatus) return;
    this.#shownStatus = status;
    upsertSearchAttributes([{ key: STATUS_ATTRIBUTE, value: status }]);
  }

  /** One line for Temporal's page: where the run stands and what it does or waits for. */
  #describe(status: RunStatus): string {
    const named = (wanted: StepStatus) =>
      [...this.statuses].filter(([, is]) => is === wanted).map(([id]) => this.#steps.get(id)!.name);
    const done = named('succeeded').length + named('skipped').length;
    const parts = [`${this.paused ? 'paused, ' : ''}${status}: ${done} of ${this.statuses.size} steps done`];
    for (const wanted of ['running', 'waiting', 'failed'] as const) {
      const names = named(wanted);
      if (names.length > 0) parts.push(`${wanted}: ${names.slice(0, 10).join(', ')}`);
    }
    return parts.join(' · ');
  }

  #scope(item: Item | null): Scope {
    const { input } = this.request;
    const nodes = Object.fromEntries(
      [...this.statuses].map(([id, status]) => [
        id,
        this.#outputs.has(id) ? { status, output: this.#outputs.get(id)! } : { status },
      ]),
    );
    return {
      issue: input.issue,
      context: { projectId: input.projectId, ...input.context },
      nodes,
      run: {
        id: input.runId,
        number: input.number,
        pipeline: input.pipeline.name,
        branch: this.branchIn(input.repository),
        workflowId: workflowInfo().workflowId,
      },
      repository: input.repository && { name: input.repository.name, defaultBranch: input.repository.defaultBranch },
      repositories: input.repositories.map(({ name, defaultBranch }) => ({ name, defaultBranch })),
      ...(item && { item: item.value, index: item.index }),
    };
  }
}
