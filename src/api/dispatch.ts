import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { withOrganisation, withRole, type Tx } from '../db/connection.js';
import { closeOpenEnds } from '../db/close-run.js';
import { appendEvent, SYSTEM } from '../db/events.js';
import { loadRunRequest, markDispatched, undispatchedRuns, updateRun } from '../db/runs.js';
import type { RecordedError } from '../db/schema.js';
import { BatonError } from '../domain/errors.js';
import type { RunInput, RunRequest } from '../domain/run-input.js';
import { searchAttributesOf } from '../domain/search-attributes.js';
import { cutText } from '../domain/text.js';
import { GRPC, grpcStatus, isDatabaseAway } from './away.js';
import type { ApiDeps } from './deps.js';
import { requirePreconditions } from './preconditions.js';

export type DispatchDeps = Pick<ApiDeps, 'db' | 'temporal' | 'taskQueue' | 'log' | 'metrics'>;

const BATCH = 100;
const AT_ONCE = 10;
const START_MS = 5_000;

/**
 * Starts the workflow of every run that has none yet. The run's row is written first, so a crash in between loses
 * nothing: the next call, at the latest the next start of an API, finds the row. Twice is once, by the workflow's id.
 * A run that cannot be started fails with its reason and holds up no other.
 * @throws where Temporal or the database is away; the rows stay for the next call.
 */
export async function dispatchRuns(deps: DispatchDeps): Promise<void> {
  for (;;) {
    const pending = await withRole(deps.db, 'baton_lookup', (tx) => undispatchedRuns(tx, BATCH));
    for (let at = 0; at < pending.length; at += AT_ONCE) {
      const outcomes = await Promise.allSettled(pending.slice(at, at + AT_ONCE).map((run) => dispatch(deps, run)));
      const failure = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failure) throw failure.reason;
    }
    if (pending.length < BATCH) return;
  }
}

async function dispatch(
  deps: DispatchDeps,
  { id, organisationId }: { id: string; organisationId: string },
): Promise<void> {
  const { db, log, metrics } = deps;
  const inOrganisation = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, organisationId, work);
  try {
    const loaded = await inOrganisation(async (tx) => {
      const workflowId = await workflowIdOf(tx, id);
      return workflowId === null ? null : { workflowId, request: await loadRunRequest(tx, id) };
    });
    if (!loaded) return;
    await checkAndStart(deps, loaded.workflowId, loaded.request);
    await inOrganisation((tx) => markDispatched(tx, id));
    metrics.dispatched.inc({ outcome: 'started' });
  } catch (error) {
    if (mayPass(error)) throw error;
    log.error({ err: error, run: id }, 'a run could not be started');
    await inOrganisation((tx) => failRun(tx, id, organisationId, reasonOf(error)));
    metrics.dispatched.inc({ outcome: 'failed' });
  }
}

/** Null where another process started the run meanwhile. */
async function workflowIdOf(tx: Tx, id: string): Promise<string | null> {
  const row = await tx
    .selectFrom('runs')
    .select('workflow_id as workflowId')
    .where('id', '=', id)
    .where('dispatched_at', 'is', null)
    .executeTakeFirst();
  return row?.workflowId ?? null;
}

/** A run that can only fail is not started, unless an earlier call started it and was lost before it was recorded. */
async function checkAndStart(deps: DispatchDeps, workflowId: string, request: RunRequest): Promise<void> {
  const { organisationId, projectId, repository, rerun } = request.input;
  const place = { organisationId, projectId, repositoryId: repository?.id ?? null };
  const steps = request.plan.steps.filter(({ id }) => !rerun?.takeOver.includes(id));
  try {
    await requirePreconditions(deps, place, { ...request.plan, steps });
  } catch (error) {
    if (await isStarted(deps, workflowId)) return;
    throw error;
  }
  await start(deps, workflowId, request);
}

async function isStarted({ temporal }: DispatchDeps, workflowId: string): Promise<boolean> {
  try {
    await temporal.withDeadline(Date.now() + START_MS, () => temporal.workflow.getHandle(workflowId).describe());
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function start({ temporal, taskQueue }: DispatchDeps, workflowId: string, request: RunRequest): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + START_MS, () =>
      temporal.workflow.start('run', {
        workflowId,
        taskQueue,
        args: [request],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: summaryOf(request.input),
        memo: { [MEMO_RUN]: request.input.runId },
        typedSearchAttributes: searchAttributesOf(request.input).map(([name, value]) => ({
          key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
          value,
        })),
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await requireOwn(temporal, workflowId, request.input.runId);
  }
}

const MEMO_RUN = 'batonRun';

/** Started already is done, if it was this very run: a database made anew counts its events from 1 again. */
async function requireOwn(temporal: DispatchDeps['temporal'], workflowId: string, runId: string): Promise<void> {
  const { memo } = await temporal.workflow.getHandle(workflowId).describe();
  if (memo?.[MEMO_RUN] === runId) return;
  throw new BatonError(
    'workflow-id-taken',
    `Temporal knows another workflow as ${workflowId}, of another database: give each Baton a Temporal namespace of its own.`,
  );
}

/** Temporal takes 400 bytes. */
const MAX_SUMMARY_BYTES = 300;

/** What Temporal's own list shows of a run: `#7 feature-development · demo · issue #1 Title · asked by maya`. */
function summaryOf({ number, pipeline, repository, issue, requestedBy }: RunInput): string {
  const subject = issue ? `issue #${issue['number'] as number} ${issue['title'] as string}` : null;
  const parts = [`#${number} ${pipeline.name}`, repository?.name, subject, `asked by ${requestedBy.handle}`];
  return cutText(parts.filter(Boolean).join(' · '), MAX_SUMMARY_BYTES);
}

/** Whether the world is at fault, and the same start may succeed later; else it is the run's own. */
function mayPass(error: unknown): boolean {
  if (error instanceof BatonError) return error.retryable;
  const status = grpcStatus(error);
  return status === null ? isDatabaseAway(error) : status !== GRPC.invalidArgument;
}

function reasonOf(error: unknown): RecordedError {
  if (error instanceof BatonError) return { code: error.code, message: error.message };
  const { details } = (error as { cause?: { details?: string } }).cause ?? {};
  return details === undefined
    ? { code: 'start-failed', message: 'Its record cannot be read; the log of the API says why.' }
    : { code: 'start-refused', message: `Temporal refuses to start it: ${details}` };
}

async function failRun(tx: Tx, id: string, organisationId: string, reason: RecordedError): Promise<void> {
  const run = await tx
    .selectFrom('runs')
    .select(['number', 'project_id as projectId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const briefing = `#${run.number} could not be started: ${reason.message}`;
  await closeOpenEnds(tx, id, 'skipped');
  await updateRun(tx, id, { status: 'failed', error: reason, briefing });
  await markDispatched(tx, id);
  await appendEvent(tx, {
    organisationId,
    projectId: run.projectId,
    key: `${id}/ended`,
    type: 'workflow.failed',
    runId: id,
    actor: SYSTEM,
    briefing,
    payload: { status: 'failed', code: reason.code },
  });
}
