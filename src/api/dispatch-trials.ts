import { withOrganisation, withRole } from '../db/connection.js';
import { markTrialDispatched, trialRef, undispatchedTrials } from '../db/trials.js';
import { trialWorkflowId } from '../domain/trial.js';
import type { DispatchDeps } from './dispatch.js';
import { startOnce } from './start-once.js';

const BATCH = 100;

/** Starts the workflow of every trial that has none yet. */
export async function dispatchTrials(deps: DispatchDeps): Promise<void> {
  for (;;) {
    const pending = await withRole(deps.db, 'baton_lookup', (tx) => undispatchedTrials(tx, BATCH));
    for (const { id, organisationId } of pending) {
      const ref = await withOrganisation(deps.db, organisationId, (tx) => trialRef(tx, id));
      if (ref === null) continue;
      await startOnce(deps, {
        type: 'trial',
        workflowId: trialWorkflowId(ref),
        argument: ref,
        summary: `trial of ${ref.repository.name}`,
      });
      await withOrganisation(deps.db, organisationId, (tx) => markTrialDispatched(tx, id));
    }
    if (pending.length < BATCH) return;
  }
}
