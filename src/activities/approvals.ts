import { appendAudit } from '../db/audit.js';
import { contributorsOf, insertApproval, peopleOfProject } from '../db/approvals.js';
import { updateRun } from '../db/runs.js';
import { eligibility } from '../domain/approval.js';
import { BatonError } from '../domain/errors.js';
import type { Activities, RequestApprovalRequest } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import { patchId } from '../git/patch-id.js';
import type { ActivityDeps } from './deps.js';
import { stepEvent, runEvent } from './events.js';
import { persist } from './persist.js';
import { changeStep } from './steps.js';
import { checkOut } from './workspace.js';

/** Opens an approval, bound to the change as it is now. One that nobody could give is an error. */
export const requestApproval =
  (deps: ActivityDeps): Activities['requestApproval'] =>
  async (request) => {
    const { ref, policy, expiresAtMs } = request;
    const { run } = ref;
    const change = await boundChange(deps, request);
    return persist(deps, run.organisationId, async (tx) => {
      const owners = (await contributorsOf(tx, run.runId)).flatMap(({ ownerId }) => ownerId ?? []);
      const eligible = eligibility(policy, await peopleOfProject(tx, run.projectId), owners);
      if (eligible.kind === 'nobody')
        throw new BatonError(
          'approval-impossible',
          `${ref.name}: ${eligible.reason}. Give somebody the role, or change the pipeline.`,
        );
      const { excluded, soleMember } = eligible;
      await insertApproval(tx, {
        organisationId: run.organisationId,
        runId: run.runId,
        step: ref.step,
        policy,
        excluded,
        soleMember,
        change,
        expiresAt: new Date(expiresAtMs),
      });
      await changeStep(tx, ref, {
        status: 'waiting',
        input: { approvers: [...policy.approvers], kind: policy.kind, atLeast: policy.atLeast },
      });
      const briefing = `${ref.name}: waiting for ${policy.approvers.join(' or ')}`;
      await updateRun(tx, run.runId, {
        briefing,
        ...(request.runStatus === 'waiting' && { status: 'waiting' as const }),
      });
      await stepEvent(tx, ref, {
        key: 'approval.requested',
        type: 'approval.requested',
        briefing: `waiting for ${policy.approvers.join(' or ')}`,
        payload: { approvers: [...policy.approvers], commit: change?.commit ?? null, soleMember },
      });
      if (request.runStatus === 'waiting')
        await runEvent(tx, run, {
          key: `waiting/${ref.step}`,
          type: 'workflow.waiting',
          briefing: `${run.pipeline} waits for people`,
        });
      return { policy, excluded };
    });
  };

async function boundChange(deps: ActivityDeps, { ref, repository, branch }: RequestApprovalRequest) {
  if (!repository || branch === null) return null;
  const { clone, repository: own } = await checkOut(deps, ref.run.organisationId, repository.id);
  const commit = await branchHead(clone, branch);
  const base = await branchHead(clone, own.defaultBranch);
  if (commit === null || base === null) return null;
  return { repositoryId: repository.id, base, commit, patchId: await patchId(clone, base, commit) };
}

/** Writes a decision with its event and its audit row. */
export const recordDecision =
  (deps: ActivityDeps): Activities['recordDecision'] =>
  ({ ref, decision, state }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const { run } = ref;
      const { by, verdict, note } = decision;
      const actor = { kind: 'person', id: by.id, name: by.handle } as const;
      const approval = await tx
        .selectFrom('approvals')
        .select(['id', 'sole_member', 'commit', 'patch_id'])
        .where('run_id', '=', run.runId)
        .where('step', '=', ref.step)
        .executeTakeFirstOrThrow();
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('decisions')
        .values({ organisation_id: run.organisationId, approval_id: approval.id, person_id: by.id, verdict, note })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return;
      await stepEvent(tx, ref, {
        key: `approval.decided/${by.id}`,
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
          patchId: approval.patch_id,
          soleMember: approval.sole_member,
        },
        outcome: 'success',
      });
    });

/** Closes an approval in the record; the run goes on, or ends. */
export const settleApproval =
  (deps: ActivityDeps): Activities['settleApproval'] =>
  ({ ref, outcome, failure, runStatus }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const { run } = ref;
      await tx
        .updateTable('approvals')
        .set({ status: outcome, settled_at: new Date() })
        .where('run_id', '=', run.runId)
        .where('step', '=', ref.step)
        .where('status', '=', 'open')
        .execute();
      const status = outcome === 'approved' ? 'succeeded' : outcome === 'cancelled' ? 'cancelled' : 'failed';
      await changeStep(tx, ref, { status, ...(failure && { error: failure }) });
      await stepEvent(tx, ref, {
        key: 'approval.settled',
        type: 'approval.settled',
        briefing: outcome,
        payload: { outcome },
      });
      await updateRun(tx, run.runId, { briefing: `${ref.name}: ${outcome}`, status: runStatus });
      if (outcome === 'approved')
        await runEvent(tx, run, {
          key: `resumed/${ref.step}`,
          type: 'workflow.resumed',
          briefing: `${run.pipeline} goes on`,
        });
    });
