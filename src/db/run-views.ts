import { sql } from 'kysely';
import { describeCoverage, type ScanCoverage } from '../domain/coverage.js';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import type { Plan, PlanStep } from '../domain/plan.js';
import type { RunStatus } from '../domain/run-state.js';
import { progressOfRun } from './checklist-views.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type Page, type PageRequest } from './cursor.js';
import { findRunId } from './runs.js';
import { coverageOfRun } from './scan-coverage.js';

export interface RunFilter extends PageRequest {
  readonly status?: readonly RunStatus[] | undefined;
  readonly project?: string | undefined;
  readonly repository?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly issue?: number | undefined;
  readonly q?: string | undefined;
}

const baseQuery = (tx: Tx) =>
  tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .innerJoin('projects as pr', 'pr.id', 'r.project_id')
    .innerJoin('people as who', 'who.id', 'r.requested_by')
    .leftJoin('repositories as repo', 'repo.id', 'r.repository_id')
    .leftJoin('issues as i', 'i.id', 'r.issue_id')
    .leftJoin('runs as first', 'first.id', 'r.rerun_of')
    .leftJoin('runs as parent', 'parent.id', 'r.parent_id');

const selectRuns = (query: ReturnType<typeof baseQuery>) =>
  query
    .select([
      'r.id',
      'r.number',
      'r.workflow_id as workflowId',
      'p.name as pipelineName',
      'r.pipeline_version as pipelineVersion',
      'pr.name as project',
      'repo.name as repository',
      'i.number as issueNumber',
      'i.title as issueTitle',
      'r.status',
      'r.priority',
      'r.briefing',
      'r.paused',
      'r.branch',
      'who.id as personId',
      'who.handle',
      'who.name as personName',
      'r.error',
      'first.number as rerunOf',
      'parent.number as parent',
      'r.created_at as createdAt',
      'r.started_at as startedAt',
      'r.ended_at as endedAt',
      progressOfRun(sql.ref('r.id')).as('progress'),
      coverageOfRun(sql.ref('r.id')).as('coverage'),
    ])
    .execute();

type RunRow = Awaited<ReturnType<typeof selectRuns>>[number];

/** Where a run stands, in one line; with what its scans could not look at, so that "succeeded" does not hide it. */
export const briefingOf = (run: {
  readonly paused: boolean;
  readonly briefing: string;
  readonly coverage: ScanCoverage;
}): string => {
  const unseen = describeCoverage(run.coverage);
  return `${run.paused ? 'paused · ' : ''}${run.briefing}${unseen === null ? '' : `; ${unseen}`}`;
};

const toRun = ({
  pipelineName,
  pipelineVersion,
  issueNumber,
  issueTitle,
  personId,
  handle,
  personName,
  ...row
}: RunRow) => ({
  ...row,
  briefing: briefingOf(row),
  pipeline: { name: pipelineName, version: pipelineVersion },
  issue: issueNumber === null ? null : { number: issueNumber, title: issueTitle ?? '' },
  requestedBy: { id: personId, handle, name: personName },
});

/** Runs, newest first. */
export async function listRuns(tx: Tx, filter: RunFilter): Promise<Page<ReturnType<typeof toRun>>> {
  const before = decodeCursor('runs', 'number', filter.cursor);
  let query = baseQuery(tx)
    .orderBy('r.number', 'desc')
    .limit(filter.limit + 1);
  if (before !== null) query = query.where('r.number', '<', Number(before));
  if (filter.status) query = query.where('r.status', 'in', filter.status);
  if (filter.project !== undefined) query = query.where('pr.name', '=', filter.project);
  if (filter.repository !== undefined) query = query.where('repo.name', '=', filter.repository);
  if (filter.pipeline !== undefined) query = query.where('p.name', '=', filter.pipeline);
  if (filter.issue !== undefined) query = query.where('i.number', '=', filter.issue);
  for (const word of filter.q?.split(/\s+/) ?? []) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where(
      sql<boolean>`concat_ws(' ', '#' || r.number, p.name, repo.name, i.title, r.briefing, who.handle) ilike ${pattern}`,
    );
  }
  const rows = await selectRuns(query);
  return pageOf('runs', rows.map(toRun), filter.limit, ({ number }) => number);
}

/** The id of the run that people mean by its id, number or workflow id. Throws `run-not-found`. */
export async function requireRunId(tx: Tx, reference: string): Promise<string> {
  const id = await findRunId(tx, reference);
  if (id === null) throw new BatonError('run-not-found', `There is no run ${reference.slice(0, 200)}.`);
  return id;
}

export interface RunRef {
  readonly id: string;
  readonly number: number;
  readonly pipeline: string;
  readonly status: RunStatus;
}

/** One run, with the plan that it runs and its lineage. */
export async function getRun(tx: Tx, id: string) {
  const [row] = await selectRuns(baseQuery(tx).where('r.id', '=', id));
  if (!row) throw new BatonError('run-not-found', `There is no run ${id}.`);
  const more = await tx
    .selectFrom('runs as r')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
    )
    .leftJoin('tasks as t', 't.id', 'r.task_id')
    .select([
      'v.plan',
      'r.trigger',
      'r.input',
      'r.warnings',
      'r.rerun_of',
      'r.rerun_from',
      'r.parent_id',
      't.id as taskId',
      't.type',
      't.status',
      't.title',
    ])
    .where('r.id', '=', id)
    .executeTakeFirstOrThrow();
  const task =
    more.taskId === null
      ? null
      : { id: more.taskId, type: more.type ?? '', status: more.status ?? '', title: more.title ?? '' };
  return {
    ...toRun(row),
    plan: more.plan,
    trigger: more.trigger,
    context: (more.input['context'] ?? {}) as JsonObject,
    warnings: more.warnings,
    task,
    lineage: {
      rerunOf: await runRef(tx, more.rerun_of),
      rerunFrom: more.rerun_from,
      reruns: await runRefs(tx, 'rerun_of', id),
      parent: await runRef(tx, more.parent_id),
      children: await runRefs(tx, 'parent_id', id),
    },
  };
}

const refs = (tx: Tx) =>
  tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .select(['r.id', 'r.number', 'p.name as pipeline', 'r.status'])
    .orderBy('r.number');

const runRefs = (tx: Tx, column: 'rerun_of' | 'parent_id', id: string): Promise<RunRef[]> =>
  refs(tx).where(`r.${column}`, '=', id).execute();

const runRef = async (tx: Tx, id: string | null): Promise<RunRef | null> =>
  id === null ? null : ((await refs(tx).where('r.id', '=', id).executeTakeFirst()) ?? null);

/** What the answer to a write says of the runs that it started. */
export const startedRuns = async (tx: Tx, ids: readonly string[]): Promise<RunRef[]> =>
  ids.length === 0 ? [] : refs(tx).where('r.id', 'in', ids).execute();

/** A plan as a graph to draw. */
export const graphOf = (plan: Plan) => ({
  nodes: plan.steps.map((step) => ({
    id: step.id,
    name: step.name,
    kind: step.kind,
    does: workOf(step),
    agent: step.kind === 'agent' ? nameOf(step.agent) : null,
    dependsOn: [...step.dependsOn],
    when: step.when,
    mapped: step.map !== null,
  })),
});

function workOf(step: PlanStep): string | null {
  switch (step.kind) {
    case 'approval':
      return null;
    case 'pipeline':
      return step.pipeline;
    case 'handoff':
      return 'tdd.handoff';
    case 'action':
    case 'agent':
      return step.action;
  }
}

function nameOf(agent: Extract<Plan['steps'][number], { kind: 'agent' }>['agent']): string {
  switch (agent.kind) {
    case 'any':
      return 'any';
    case 'same':
      return `same as ${agent.step}`;
    case 'role':
      return `role:${agent.role}`;
    case 'named':
      return agent.name;
  }
}
