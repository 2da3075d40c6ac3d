import type { EscalationActivities } from '../../domain/escalation.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** Says that nothing more is done for a cause that still lasts; one that is gone meanwhile stays so. */
export const endEscalation =
  (deps: ActivityDeps): EscalationActivities['endEscalation'] =>
  ({ organisationId, escalationId }) =>
    persist(deps, organisationId, async (tx) => {
      await tx
        .updateTable('escalations')
        .set({ status: 'ended', closed_at: new Date() })
        .where('id', '=', escalationId)
        .where('status', '=', 'open')
        .execute();
    });
