import { sql } from 'kysely';
import type { Tx } from '../db/connection.js';
import { updateStep, type StepChange, type StepKey } from '../db/steps.js';
import { transitionTask } from '../db/tasks.js';
import type { EventType } from '../domain/event.js';
import type { Json } from '../domain/json.js';
import type { StepStatus } from '../domain/run-state.js';
import type { RecordStepRequest, RunRef, StepRef } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { runEvent, stepFacts, type StepFacts } from '../db/step-events.js';
import { persist } from './persist.js';

const EVENTS: Readonly<Partial<Record<StepStatus, EventType>>> = {
  running: 'step.started',
  succeeded: 'step.completed',
  failed: 'step.failed',
  skipped: 'step.skipped',
  cancelled: 'step.cancelled',
};

const stepKey = ({ run, step, name, item }: StepRef): StepKey => ({
  organisationId: run.organisationId,
  projectId: run.projectId,
  repositoryId: run.repository?.id ?? null,
  runId: run.runId,
  step,
  item,
  name,
});

/** Writes a step's new standing with its event, once. */
export const changeStep = (tx: Tx, ref: StepRef, change: StepChange): Promise<void> =>
  writeStep(tx, ref, change, [change]);

/** Writes the end of a step that may not have been said to have begun: then its beginning is told with it. */
export const completeStep = (tx: Tx, ref: StepRef, input: Json, end: Omit<StepChange, 'input'>): Promise<void> =>
  writeStep(tx, ref, { ...end, input }, [{ status: 'running' }, end]);

async function writeStep(tx: Tx, ref: StepRef, change: StepChange, told: readonly StepChange[]): Promise<void> {
  await startRun(tx, ref);
  const events = told.flatMap((standing) => {
    const type = EVENTS[standing.status];
    return type ? [{ type, ...stepFacts(ref, describeChange(standing)) }] : [];
  });
  await updateStep(tx, stepKey(ref), change, events);
}

function describeChange({ status, error, commit }: StepChange): StepFacts {
  const detail = error ? ` (${error.code}: ${error.message})` : commit ? ` at ${commit.slice(0, 10)}` : '';
  return {
    key: status,
    briefing: `${status}${detail}`,
    payload: {
      status,
      ...(commit && { commit }),
      ...(error && { error: { code: error.code, message: error.message } }),
    },
  };
}

/** The first step of which there is something to say starts the run. */
export async function startRun(tx: Tx, { run }: Pick<StepRef, 'run'>): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('runs')
    .set({ status: 'running', started_at: sql<Date>`coalesce(started_at, now())` })
    .where('id', '=', run.runId)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return;
  await retryTask(tx, run);
  const issue = run.issue ? ` for issue #${run.issue.number} ${run.issue.title}` : '';
  await runEvent(tx, run, {
    key: 'started',
    type: 'workflow.started',
    briefing: `${run.pipeline} started${issue}`,
    payload: { pipeline: run.pipeline },
  });
}

/** A task that failed before is tried again. */
async function retryTask(tx: Tx, run: RunRef): Promise<void> {
  if (run.taskId === null) return;
  const task = await tx.selectFrom('tasks').select('status').where('id', '=', run.taskId).executeTakeFirstOrThrow();
  if (task.status === 'failed') await transitionTask(tx, run, 'retrying', 'started');
}

export const recordStep =
  (deps: ActivityDeps) =>
  async ({ ref, status, input, output, failure }: RecordStepRequest): Promise<void> => {
    await persist(deps, ref.run.organisationId, (tx) =>
      changeStep(tx, ref, {
        status,
        ...(input !== undefined && { input }),
        ...(output !== undefined && { output }),
        ...(failure && { error: failure }),
      }),
    );
  };
