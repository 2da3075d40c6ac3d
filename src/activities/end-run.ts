import type { Tx } from '../db/connection.js';
import { closeOpenEnds } from '../db/close-run.js';
import { appendEvent, SYSTEM } from '../db/events.js';
import { findEnding } from '../db/overrides.js';
import { startReset } from '../db/resets.js';
import { readCoverage } from '../db/scan-coverage.js';
import { updateRun } from '../db/runs.js';
import { transitionTask } from '../db/tasks.js';
import { describeCoverage } from '../domain/coverage.js';
import type { EventType } from '../domain/event.js';
import type { Activities, EndRunRequest, RunRef } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { runEvent } from '../db/step-events.js';
import { persist } from './persist.js';

const EVENTS: Readonly<Record<EndRunRequest['status'], EventType>> = {
  succeeded: 'workflow.completed',
  failed: 'workflow.failed',
  cancelled: 'workflow.cancelled',
};

/** Closes a run in the record, with what became of the steps that never started. */
export const endRun =
  (deps: ActivityDeps): Activities['endRun'] =>
  ({ run, status, failure, unstarted }) =>
    persist(deps, run.organisationId, async (tx) => {
      const ending = status === 'cancelled' ? await findEnding(tx, run.runId) : null;
      const why = failure ? `: ${failure.message}` : ending === null ? '' : ` by ${ending}`;
      const briefing = `${run.pipeline} ${status}${why}`;
      const unseen = describeCoverage(await readCoverage(tx, run.runId));
      // One that succeeded has no open ends.
      if (status !== 'succeeded') await closeOpenEnds(tx, run.runId, unstarted);
      await closeUnstartedChildren(tx, run.runId);
      await updateRun(tx, run.runId, {
        status,
        briefing,
        ...(failure && { error: { code: failure.code, message: failure.message, details: { step: failure.step } } }),
      });
      await startReset(tx, run.runId);
      await runEvent(tx, run, {
        key: 'ended',
        type: EVENTS[status],
        briefing: unseen === null ? briefing : `${briefing}; ${unseen}`,
        payload: { status, ...(failure && { code: failure.code, step: failure.step }) },
      });
      if (status !== 'succeeded') await failTask(tx, run);
    });

/** A run that a step was about to call when the end came: its row is there, and no workflow that would close it. */
async function closeUnstartedChildren(tx: Tx, parentId: string): Promise<void> {
  const children = await tx
    .updateTable('runs')
    .set({ status: 'cancelled', briefing: 'cancelled before it began', ended_at: new Date() })
    .where('parent_id', '=', parentId)
    .where('status', '=', 'pending')
    .returning(['id', 'number', 'organisation_id as organisationId', 'project_id as projectId', 'briefing'])
    .execute();
  for (const { id, number, briefing, ...of } of children) {
    await closeOpenEnds(tx, id, 'cancelled');
    await appendEvent(tx, {
      ...of,
      key: `${id}/ended`,
      type: 'workflow.cancelled',
      runId: id,
      actor: SYSTEM,
      briefing: `#${number} ${briefing}`,
      payload: { status: 'cancelled' },
    });
  }
}

async function failTask(tx: Tx, run: RunRef): Promise<void> {
  if (run.taskId === null) return;
  const task = await tx.selectFrom('tasks').select('status').where('id', '=', run.taskId).executeTakeFirstOrThrow();
  if (task.status !== 'completed' && task.status !== 'failed') await transitionTask(tx, run, 'failed', 'ended');
}
