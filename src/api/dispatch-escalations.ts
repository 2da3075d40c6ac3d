import { WorkflowNotFoundError } from '@temporalio/client';
import { withOrganisation, withRole } from '../db/connection.js';
import { undispatchedEscalations } from '../db/escalations.js';
import { escalationWorkflowId } from '../domain/escalation.js';
import { cutText } from '../domain/text.js';
import type { DispatchDeps } from './dispatch.js';
import { startOnce } from './start-once.js';

const BATCH = 100;
const SIGNAL_MS = 5_000;
const MAX_SUMMARY_BYTES = 200;

/** Starts the workflow of every escalation that has none yet, and ends the timers of those whose cause is gone. */
export async function dispatchEscalations(deps: DispatchDeps): Promise<void> {
  for (;;) {
    const pending = await withRole(deps.db, 'baton_lookup', (tx) => undispatchedEscalations(tx, BATCH));
    for (const { id, organisationId, cause, title, since, status } of pending) {
      const workflowId = escalationWorkflowId(id);
      const isCleared = status === 'cleared';
      if (isCleared) await signalCleared(deps, workflowId);
      else {
        await startOnce(deps, {
          type: 'escalation',
          workflowId,
          argument: { organisationId, escalationId: id, sinceMs: since.getTime() },
          summary: cutText(`${cause}: ${title}`, MAX_SUMMARY_BYTES),
        });
      }
      const now = new Date();
      await withOrganisation(deps.db, organisationId, (tx) =>
        tx
          .updateTable('escalations')
          .set({ dispatched_at: now, ...(isCleared && { signalled_at: now }) })
          .where('id', '=', id)
          .execute(),
      );
    }
    if (pending.length < BATCH) return;
  }
}

/** One that was never started, or has ended, needs no word: a start that comes later finds its cause gone. */
async function signalCleared({ temporal }: DispatchDeps, workflowId: string): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + SIGNAL_MS, () =>
      temporal.workflow.getHandle(workflowId).signal('cleared'),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
