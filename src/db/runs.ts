import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import { jsonBytes, utf8Bytes, type JsonObject } from '../domain/json.js';
import { PLAN_LIMITS, type Plan } from '../domain/plan.js';
import type { RepositoryRef, Rerun, RunInput, RunRequest } from '../domain/run-input.js';
import type { RunStatus } from '../domain/run-state.js';
import type { Priority } from '../domain/task.js';
import type { Tx } from './connection.js';
import { isUuid } from './cursor.js';
import { newestVersions } from './newest-version.js';
import { refuseRemoved } from './repositories.js';
import type { RecordedError } from './schema.js';

export interface NewRun {
  readonly organisationId: string;
  readonly projectId: string;
  readonly workflowId: string;
  readonly pipeline: { readonly id: string; readonly name: string; readonly version: number; readonly plan: Plan };
  readonly repository: RepositoryRef | null;
  readonly issue: { readonly id: string; readonly context: JsonObject } | null;
  readonly context: JsonObject;
  /** The branch that it goes on with; left out: it makes one of its own. */
  readonly branch?: string;
  readonly priority: Priority;
  readonly taskId: string | null;
  /** Whether it is to wait until its task is no longer blocked. */
  readonly held?: boolean;
  readonly trigger: JsonObject;
  readonly requestedBy: { readonly id: string; readonly handle: string };
  readonly parentId?: string;
  readonly depth?: number;
  readonly branchSuffix?: string;
  readonly rerun?: Rerun & { readonly rootId: string };
}

/**
 * Writes a run and its steps, pending; what starts it reads it back by `loadRunRequest`. Returns null when a run of
 * the pipeline is open for the issue already, or the workflow id was used before.
 */
export async function createRun(tx: Tx, run: NewRun): Promise<{ id: string; number: number } | null> {
  if (jsonBytes(run.context) > PLAN_LIMITS.contextBytes) {
    throw new BatonError(
      'context-too-large',
      `The context of a run is at most ${PLAN_LIMITS.contextBytes} bytes; put larger values into a file of the repository.`,
    );
  }
  if (run.repository) await refuseRemoved(tx, run.repository.id);
  const repositories = await tx
    .selectFrom('repositories')
    .select(['id', 'name', 'default_branch as defaultBranch'])
    .where('project_id', '=', run.projectId)
    .where('removed_at', 'is', null)
    .orderBy('name')
    // One more than a step can be mapped over: with that one the run says that it does not reach all of them.
    .limit(PLAN_LIMITS.mapItems + 1)
    .execute();
  const { number } = await tx
    .updateTable('organisations')
    .set({ last_run_number: sql<number>`last_run_number + 1` })
    .where('id', '=', run.organisationId)
    .returning('last_run_number as number')
    .executeTakeFirstOrThrow();
  const { id } = await sql<{ id: string }>`select gen_random_uuid() as id`.execute(tx).then(({ rows }) => rows[0]!);
  const input: RunInput = {
    runId: id,
    number,
    organisationId: run.organisationId,
    projectId: run.projectId,
    pipeline: { name: run.pipeline.name, version: run.pipeline.version },
    repository: run.repository,
    repositories,
    issue: run.issue?.context ?? null,
    context: run.context,
    ...(run.branch !== undefined && { branch: run.branch }),
    priority: run.priority,
    taskId: run.taskId,
    requestedBy: run.requestedBy,
    rerun: run.rerun ? withoutRoot(run.rerun) : null,
    branchSuffix: run.branchSuffix ?? '',
    depth: run.depth ?? 0,
  };
  const created = await tx
    .insertInto('runs')
    .values({
      id,
      organisation_id: run.organisationId,
      project_id: run.projectId,
      number,
      workflow_id: run.workflowId,
      pipeline_id: run.pipeline.id,
      pipeline_version: run.pipeline.version,
      repository_id: run.repository?.id ?? null,
      issue_id: run.issue?.id ?? null,
      task_id: run.taskId,
      parent_id: run.parentId ?? null,
      rerun_of: run.rerun?.of ?? null,
      rerun_from: run.rerun?.from ?? null,
      root_id: run.rerun?.rootId ?? null,
      priority: run.priority,
      trigger: JSON.stringify(run.trigger),
      input: JSON.stringify(input),
      branch: null,
      briefing: `#${number} ${run.pipeline.name}: ${run.held ? 'waits for what blocks its task' : 'waiting to start'}`,
      held: run.held ?? false,
      requested_by: run.requestedBy.id,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!created) return null;
  if (run.pipeline.plan.steps.length > 0) await insertSteps(tx, run.organisationId, id, run.pipeline.plan);
  return { id, number };
}

const withoutRoot = ({ rootId: _, ...rerun }: Rerun & { rootId: string }): Rerun => rerun;

async function insertSteps(tx: Tx, organisationId: string, runId: string, plan: Plan): Promise<void> {
  const steps = plan.steps.map((step, position) => ({ step: step.id, position, name: step.name, kind: step.kind }));
  await sql`
    insert into steps (organisation_id, run_id, step, position, name, kind)
    select ${organisationId}::uuid, ${runId}::uuid, s.step, s.position, s.name, s.kind
    from jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as s(step text, position int, name text, kind text)`.execute(
    tx,
  );
}

/** Everything that starts the run's workflow: its input, its plan, and the plans of the pipelines it calls. */
export async function loadRunRequest(tx: Tx, runId: string): Promise<RunRequest> {
  const row = await tx
    .selectFrom('runs as r')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
    )
    .select(['r.input', 'r.project_id', 'v.plan'])
    .where('r.id', '=', runId)
    .executeTakeFirstOrThrow();
  const children = await calledPipelines(tx, row.project_id, row.plan);
  const request = { input: row.input as unknown as RunInput, plan: row.plan, children };
  if (utf8Bytes(JSON.stringify(request)) > 1.5 * PLAN_LIMITS.planBytes) {
    throw new BatonError(
      'run-too-large',
      'The pipeline with all the pipelines that it calls is over 1.5 MiB; split it.',
    );
  }
  return request;
}

type CalledPipelines = Record<string, { version: number; plan: Plan }>;

/** The pipelines that a plan calls, and those that they call. Throws `pipeline-not-active`. */
export async function calledPipelines(tx: Tx, projectId: string, plan: Plan): Promise<CalledPipelines> {
  const children: CalledPipelines = {};
  await collectChildren(tx, projectId, plan, children);
  return children;
}

async function collectChildren(tx: Tx, projectId: string, plan: Plan, children: CalledPipelines): Promise<void> {
  for (const step of plan.steps) {
    if (step.kind !== 'pipeline' || step.pipeline in children) continue;
    const child = await newestVersions(tx)
      .select(['v.plan', 'v.version'])
      .where('p.project_id', '=', projectId)
      .where('p.name', '=', step.pipeline)
      .where('p.state', '=', 'active')
      .executeTakeFirst();
    if (!child)
      throw new BatonError(
        'pipeline-not-active',
        `The step ${step.name} calls the pipeline ${step.pipeline}, which is not active in this project.`,
      );
    children[step.pipeline] = child;
    await collectChildren(tx, projectId, child.plan, children);
  }
}

export interface RunChange {
  readonly status?: RunStatus;
  readonly branch?: string;
  readonly error?: RecordedError;
  readonly paused?: boolean;
  readonly briefing: string;
}

/** Changes a run that is still open; a closed one stays as it ended. */
export async function updateRun(tx: Tx, runId: string, change: RunChange): Promise<void> {
  const ends = change.status === 'succeeded' || change.status === 'failed' || change.status === 'cancelled';
  await tx
    .updateTable('runs')
    .set({
      briefing: change.briefing,
      ...(change.status && { status: change.status }),
      ...(change.status === 'running' && { started_at: sql<Date>`coalesce(started_at, now())` }),
      ...(change.branch && { branch: change.branch }),
      ...(change.paused !== undefined && { paused: change.paused }),
      ...(change.error && { error: JSON.stringify(change.error) }),
      ...(ends && { ended_at: sql<Date>`now()`, paused: false }),
    })
    .where('id', '=', runId)
    .where('status', 'in', ['pending', 'running', 'waiting'])
    .execute();
}

/** Runs that no workflow was started for yet: the triggers that a crash must not lose. */
export async function undispatchedRuns(
  tx: Tx,
  limit = 100,
): Promise<readonly { id: string; organisationId: string }[]> {
  return tx
    .selectFrom('runs')
    .select(['id', 'organisation_id as organisationId'])
    .where('dispatched_at', 'is', null)
    .where('held', '=', false)
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

export async function markDispatched(tx: Tx, runId: string): Promise<void> {
  await tx
    .updateTable('runs')
    .set({ dispatched_at: sql<Date>`now()` })
    .where('id', '=', runId)
    .execute();
}

/** A run by its id, its number or its workflow id, as people type it. */
export async function findRunId(tx: Tx, reference: string): Promise<string | null> {
  const query = tx.selectFrom('runs').select('id');
  const row = /^#?\d{1,15}$/.test(reference)
    ? await query.where('number', '=', Number(reference.replace('#', ''))).executeTakeFirst()
    : isUuid(reference)
      ? await query.where('id', '=', reference).executeTakeFirst()
      : await query.where('workflow_id', '=', reference).executeTakeFirst();
  return row?.id ?? null;
}
