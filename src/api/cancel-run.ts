import { withOrganisation } from '../db/connection.js';
import { closeOpenEnds } from '../db/close-run.js';
import { appendEvent } from '../db/events.js';
import type { Principal } from '../db/people.js';
import { updateRun } from '../db/runs.js';
import { GRPC, grpcStatus } from './away.js';
import type { ApiDeps } from './deps.js';
import { dispatchRuns } from './dispatch.js';

const CANCEL_MS = 5_000;

/** Asks the run's workflow to cancel. One that Temporal does not know, or no longer, is closed in the record. */
export async function cancelRun(
  run: { readonly id: string; readonly number: number; readonly workflowId: string },
  principal: Principal,
  deps: ApiDeps,
): Promise<void> {
  // It may wait for its start: what is not there cannot be cancelled.
  await dispatchRuns(deps);
  try {
    await deps.temporal.withDeadline(Date.now() + CANCEL_MS, () =>
      deps.temporal.workflow.getHandle(run.workflowId).cancel(),
    );
  } catch (error) {
    if (!isUnknown(error)) throw error;
    await close(run, principal, deps);
  }
}

const isUnknown = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'WorkflowNotFoundError') || grpcStatus(error) === GRPC.notFound;

const close = (
  run: { readonly id: string; readonly number: number },
  principal: Principal,
  { db }: ApiDeps,
): Promise<void> =>
  withOrganisation(db, principal.organisationId, async (tx) => {
    const briefing = `#${run.number} cancelled: Temporal does not know it any more`;
    const actor = { kind: 'person', id: principal.personId, name: principal.handle } as const;
    await closeOpenEnds(tx, run.id, 'cancelled', actor);
    await updateRun(tx, run.id, { status: 'cancelled', briefing });
    await appendEvent(tx, {
      organisationId: principal.organisationId,
      projectId: null,
      key: `${run.id}/ended`,
      type: 'workflow.cancelled',
      runId: run.id,
      actor,
      briefing,
      payload: { status: 'cancelled' },
    });
  });
