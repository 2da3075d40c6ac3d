import { newestApproval } from '../../db/approvals.js';
import { appendAudit } from '../../db/audit.js';
import type { Activities } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { stepEvent } from '../../db/step-events.js';
import { persist } from '../persist.js';

/** Writes what a person says about an approval, with its event and its audit row, once. */
export const recordComment =
  (deps: ActivityDeps): Activities['recordComment'] =>
  ({ ref, by, body, key }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const { run } = ref;
      const actor = { kind: 'person', id: by.id, name: by.handle } as const;
      const approval = await newestApproval(tx, run.runId, ref.step);
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('approval_comments')
        .values({ organisation_id: run.organisationId, approval_id: approval.id, person_id: by.id, key, body })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return;
      await stepEvent(tx, ref, {
        key: `approval.commented/${key}`,
        type: 'approval.commented',
        briefing: `${by.handle}: ${body}`,
        actor,
        payload: { body },
      });
      await appendAudit(tx, {
        organisationId: run.organisationId,
        actor,
        action: 'approval.discuss',
        resource: `approval:${approval.id}`,
        details: { run: run.number, step: ref.step, body },
        outcome: 'success',
      });
    });
