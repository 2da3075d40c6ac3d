import { ApplicationFailure, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import {
  evaluateApproval,
  refuseDecision,
  type ApprovalState,
  type Decision,
  type OpenApproval,
} from '../domain/approval.js';

export const decide = defineUpdate<ApprovalState, [step: string, decision: Decision]>('decide');

interface Open extends OpenApproval {
  /** Made, so that nobody decides twice while the first is being written. */
  readonly made: Decision[];
  /** Written: what the run acts on, so that the record tells the story in its order. */
  readonly written: Decision[];
  /** Ends when all that was made is written, one after the other. */
  writing: Promise<unknown>;
}

/**
 * The approvals of one run: several may be open at once, each is settled by the people its policy names. A decision
 * counts, and is answered, when `record` has written it.
 */
export function openApprovals(record: (step: string, decision: Decision, state: ApprovalState) => Promise<void>) {
  const asked = new Map<string, Open | 'opening'>();
  const standing = ({ policy, written }: Open): ApprovalState => evaluateApproval(policy, written);

  setHandler(
    decide,
    async (step: string, decision: Decision) => {
      // People can see an approval a moment before the run hears that it is open.
      await condition(() => asked.get(step) !== 'opening');
      const approval = asked.get(step);
      refuse(step, approval, decision);
      approval.made.push(decision);
      const state = evaluateApproval(approval.policy, approval.made);
      const written = approval.writing.then(() => record(step, decision, state));
      approval.writing = written.catch(() => undefined);
      try {
        await written;
      } catch (error) {
        approval.made.splice(approval.made.indexOf(decision), 1);
        throw error;
      }
      approval.written.push(decision);
      return state;
    },
    {
      // Validators run synchronously: an async one could never refuse.
      validator: (step: string, decision: Decision) => {
        const approval = asked.get(step);
        if (approval !== 'opening') refuse(step, approval, decision);
      },
    },
  );

  /** Asks for an approval by `request` and resolves when it is settled; `expired` when nobody settled it in time. */
  async function ask(
    step: string,
    request: () => Promise<OpenApproval>,
    timeoutMs: number,
  ): Promise<ApprovalState | { kind: 'expired' }> {
    asked.set(step, 'opening');
    try {
      const open: Open = { ...(await request()), made: [], written: [], writing: Promise.resolve() };
      asked.set(step, open);
      const isSettled = () => standing(open).kind !== 'open';
      if (await condition(isSettled, timeoutMs)) return standing(open);
      // A decision that was made in time counts, also where it is still being written.
      await condition(() => isSettled() || !isDecided(open));
      return isSettled() ? standing(open) : { kind: 'expired' };
    } finally {
      asked.delete(step);
    }
  }

  return { ask };
}

export type Approvals = ReturnType<typeof openApprovals>;

const isDecided = ({ policy, made }: Open): boolean => evaluateApproval(policy, made).kind !== 'open';

function refuse(step: string, approval: Open | 'opening' | undefined, decision: Decision): asserts approval is Open {
  const refused =
    approval === undefined || approval === 'opening'
      ? { code: 'approval-not-open', message: `The approval ${step} is not open` }
      : (refuseDecision(approval, approval.made, decision) ??
        (isDecided(approval)
          ? { code: 'approval-not-open', message: `The approval ${step} is decided already` }
          : null));
  if (refused) throw ApplicationFailure.nonRetryable(refused.message, refused.code);
}
