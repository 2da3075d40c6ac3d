import { newestApproval } from '../../db/approvals.js';
import { appendAudit } from '../../db/audit.js';
import type { Activities } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { stepEvent } from '../../db/step-events.js';
import { persist } from '../persist.js';

/** Writes a decision with its event and its audit row. */
export const recordDecision =
  (deps: ActivityDeps): Activities['recordDecision'] =>
  ({ ref, decision, state }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const { run } = ref;
      const { by, verdict, note } = decision;
      const actor = { kind: 'person', id: by.id, name: by.handle } as const;
      const approval = await newestApproval(tx, run.runId, ref.step);
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('decisions')
        .values({
          organisation_id: run.organisationId,
          approval_id: approval.id,
          person_id: by.id,
          verdict,
          note,
          person: JSON.stringify(by),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return;
      await stepEvent(tx, ref, {
        key: `approval.decided/${by.id}${approval.keySuffix}`,
        type: 'approval.decided',
        briefing: `${by.handle}: ${verdict}${note === null ? '' : ` (${note})`}`,
        actor,
        payload: { verdict, note, state: state.kind },
      });
      await appendAudit(tx, {
        organisationId: run.organisationId,
        actor,
        action: `approval.${verdict}`,
        resource: `approval:${approval.id}`,
        details: {
          run: run.number,
          step: ref.step,
          note,
          commit: approval.commit,
          patchId: approval.patchId,
          soleMember: approval.soleMember,
          inPlaceOf: (by.standsFor ?? []).map(({ handle }) => handle),
        },
        outcome: 'success',
      });
    });
