import { withOrganisation, withRole, type Tx } from '../db/connection.js';
import { closeOpenEnds } from '../db/close-run.js';
import { appendEvent } from '../db/events.js';
import { undeliveredOverrides, type UndeliveredOverride } from '../db/overrides.js';
import { startReset } from '../db/resets.js';
import { updateRun } from '../db/runs.js';
import { GRPC, grpcStatus } from './away.js';
import { dispatchRuns, type DispatchDeps } from './dispatch.js';

const BATCH = 100;
const CANCEL_MS = 5_000;

/**
 * Ends the runs that people cancelled or reset. The override is written first, so a crash in between loses nothing; twice
 * is once, as a run that is ending or has ended stays so.
 * @throws where Temporal or the database is away; the rows stay for the next call.
 */
export async function dispatchOverrides(deps: DispatchDeps): Promise<void> {
  for (;;) {
    const pending = await withRole(deps.db, 'baton_lookup', (tx) => undeliveredOverrides(tx, BATCH));
    // A run may wait for its start: what is not there cannot be cancelled.
    if (pending.length > 0) await dispatchRuns(deps);
    for (const override of pending) await deliver(deps, override);
    if (pending.length < BATCH) return;
  }
}

async function deliver(deps: DispatchDeps, override: UndeliveredOverride): Promise<void> {
  const isThere = await cancelWorkflow(deps, override.workflowId);
  await withOrganisation(deps.db, override.organisationId, async (tx) => {
    if (!isThere) await closeInRecord(tx, override);
    await tx.updateTable('overrides').set({ delivered_at: new Date() }).where('id', '=', override.id).execute();
  });
}

/** Asks the run's workflow to cancel; false where Temporal does not know it, or no longer. */
async function cancelWorkflow({ temporal }: DispatchDeps, workflowId: string): Promise<boolean> {
  try {
    await temporal.withDeadline(Date.now() + CANCEL_MS, () => temporal.workflow.getHandle(workflowId).cancel());
    return true;
  } catch (error) {
    if ((error instanceof Error && error.name === 'WorkflowNotFoundError') || grpcStatus(error) === GRPC.notFound)
      return false;
    throw error;
  }
}

async function closeInRecord(tx: Tx, { organisationId, runId, number, actor }: UndeliveredOverride): Promise<void> {
  const briefing = `#${number} cancelled: Temporal does not know it any more`;
  await closeOpenEnds(tx, runId, 'cancelled', actor);
  await updateRun(tx, runId, { status: 'cancelled', briefing });
  await appendEvent(tx, {
    organisationId,
    projectId: null,
    key: `${runId}/ended`,
    type: 'workflow.cancelled',
    runId,
    actor,
    briefing,
    payload: { status: 'cancelled' },
  });
  await startReset(tx, runId);
}
