import { closeTrial } from '../../db/trials.js';
import type { TrialActivities } from '../../domain/trial.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** Records that a trial was cancelled, or could not be made. */
export const endTrial =
  (deps: ActivityDeps): TrialActivities['endTrial'] =>
  ({ ref, failure }) =>
    persist(deps, ref.organisationId, (tx) =>
      closeTrial(tx, ref.trialId, failure === null ? 'cancelled' : 'failed', failure),
    );
