import { decisionOf } from '../db/approval-views.js';
import { approvalToDecide, personOfProject } from '../db/approvals.js';
import type { ApprovalState, Decision, Person } from '../domain/approval.js';
import { BatonError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import type { Call } from './route.js';
import { sendUpdate, type UpdateWords } from './send-update.js';

const WORDS: UpdateWords = {
  refused: 'decision-refused',
  unknown:
    'The run did not answer in time: no worker may be running. The decision may still count; send it again with the same Idempotency-Key to see.',
  ended: { code: 'approval-not-open', message: 'The run has ended; there is nothing to decide any more.' },
};

interface Verdict {
  readonly verdict: 'approve' | 'reject';
  readonly note: string | null;
}

/**
 * Brings a person's decision to the run, which alone decides whether it counts. The update's id is made of the
 * request's key: sent again, it is the same update, and counts once.
 */
export async function decide(call: Call, approvalId: string, { verdict, note }: Verdict, deps: ApiDeps) {
  const { status, step, workflowId, by } = await find(call, approvalId);
  const answer = (state: ApprovalState) => ({
    approval: approvalId,
    decision: verdict,
    state: state.kind,
    missing: state.kind === 'open' ? state.missing : null,
  });
  if (status !== 'open') {
    const earlier = await call.read((tx) => decisionOf(tx, approvalId, by.id));
    // The answer to an earlier try was lost, but its decision was made.
    if (call.again && earlier === verdict && (status === 'approved' || status === 'rejected')) {
      return { approval: approvalId, decision: verdict, state: status, missing: null };
    }
    throw new BatonError('approval-not-open', `This approval is ${status}; there is nothing to decide any more.`);
  }
  const decision: Decision = { by, verdict, note };
  const state = await sendUpdate<ApprovalState, [string, Decision]>(
    deps,
    { workflowId, name: 'decide', args: [step, decision], updateId: `${step}/${call.key}` },
    WORDS,
  );
  return answer(state);
}

/**
 * Brings what a person says of an open approval to the run, which writes it down. The request's key makes it the same
 * comment when it is sent again.
 */
export async function discuss(call: Call, approvalId: string, body: string, deps: ApiDeps) {
  const { status, step, workflowId, by } = await find(call, approvalId);
  if (status !== 'open' && !call.again)
    throw new BatonError('approval-not-open', `This approval is ${status}; nobody discusses it any more.`);
  const comment = { by, body, key: call.key };
  await sendUpdate<null, [string, typeof comment]>(
    deps,
    { workflowId, name: 'discuss', args: [step, comment], updateId: `${step}/${call.key}` },
    WORDS,
  );
  return { approval: approvalId };
}

/** The approval, its run, and the person who speaks, with their job roles and in whose place they may decide. */
function find(call: Call, approvalId: string) {
  const { personId, handle } = call.principal;
  return call.read(async (tx) => {
    const approval = await approvalToDecide(tx, approvalId);
    const by: Person = (await personOfProject(tx, approval.projectId, personId)) ?? { id: personId, handle, roles: [] };
    return { ...approval, by };
  });
}
