import { ApplicationFailure, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import {
  evaluateApproval,
  refuseDecision,
  type ApprovalState,
  type Decision,
  type OpenApproval,
  type Person,
} from '../domain/approval.js';

export const decide = defineUpdate<ApprovalState, [step: string, decision: Decision]>('decide');
export const discuss = defineUpdate<null, [step: string, comment: Comment]>('discuss');

/** What a person says of an open approval, without deciding it. */
export interface Comment {
  readonly by: Person;
  readonly body: string;
  /** The same key is the same comment. */
  readonly key: string;
}

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
 * counts, and is answered, when `records` has written it.
 */
export function openApprovals(records: Records) {
  const asked = new Map<string, Open | 'opening'>();
  const standing = (approval: Open): ApprovalState => evaluateApproval(approval, approval.written);

  setHandler(
    decide,
    async (step: string, decision: Decision) => {
      // People can see an approval a moment before the run hears that it is open.
      await condition(() => asked.get(step) !== 'opening');
      const approval = asked.get(step);
      refuse(step, approval, decision);
      approval.made.push(decision);
      const state = evaluateApproval(approval, approval.made);
      const written = approval.writing.then(() => records.decision(step, decision, state));
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

  setHandler(
    discuss,
    async (step: string, comment: Comment) => {
      await condition(() => asked.get(step) !== 'opening');
      if (!asked.has(step)) throw notOpen(step);
      await records.comment(step, comment);
      return null;
    },
    {
      validator: (step: string, _comment: Comment) => {
        if (!asked.has(step)) throw notOpen(step);
      },
    },
  );

  /**
   * Asks for an approval by `request`, tells by `shown` that it is open, and resolves when it is settled; `expired` when
   * nobody settled it in time.
   */
  async function ask(
    step: string,
    request: () => Promise<OpenApproval | null>,
    timeoutMs: number,
    shown: () => void,
  ): Promise<ApprovalState | { kind: 'expired' } | { kind: 'not-needed' }> {
    asked.set(step, 'opening');
    try {
      const opened = await request();
      if (!opened) return { kind: 'not-needed' };
      const open: Open = { ...opened, made: [], written: [], writing: Promise.resolve() };
      asked.set(step, open);
      shown();
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

/** What is said and decided, as it is written to the record. */
interface Records {
  decision(step: string, decision: Decision, state: ApprovalState): Promise<void>;
  comment(step: string, comment: Comment): Promise<void>;
}

const isDecided = (approval: Open): boolean => evaluateApproval(approval, approval.made).kind !== 'open';

const notOpen = (step: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`The approval ${step} is not open`, 'approval-not-open');

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
