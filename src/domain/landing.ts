import { LET_AGENT_RESOLVE, TAKE_BRANCH } from './blocked.js';
import { type GivenAnswer, GIVE_UP, type Question, TRY_AGAIN } from './question.js';

/** Why an approved change could not land. */
export type LandingBlock = 'conflict' | 'unproved';

/** The failures of a merge that people can decide on. */
export const LANDING_BLOCKS: Readonly<Record<string, LandingBlock>> = {
  'merge-conflict': 'conflict',
  'merge-unproved': 'unproved',
};

/** Ends the message of such a failure; left out where people are asked. */
export const RERUN_HINT = 'Rerun from the step that made the change.';

interface BlockedLanding {
  readonly block: LandingBlock;
  /** Name of the step. */
  readonly step: string;
  readonly message: string;
  /** Of the run. */
  readonly branch: string;
  /** The branch that the change is to land on. */
  readonly target: string;
  /** Name of the agent that may resolve it; null: none may. */
  readonly agent: string | null;
}

const KEEPS = 'Attempts and reviews are kept; the change becomes another one, so its approval is asked for again.';

/** What people are asked where an approved change cannot land. */
export function landingQuestion({ block, step, message, branch, target, agent }: BlockedLanding): Question {
  const resolve = block === 'conflict' ? 'resolves the conflict' : 'corrects what fails';
  return {
    text: `${step} waits: ${message.replace(RERUN_HINT, '').trim()}`,
    options: [
      ...(agent === null
        ? []
        : [
            {
              name: LET_AGENT_RESOLVE,
              says: `${agent}, whose change it is, gets both changes with their intents and ${resolve}: one more paid attempt, proved by gates. ${KEEPS}`,
            },
          ]),
      {
        name: TAKE_BRANCH,
        says: `Merge ${target} into ${branch} yourself, push the result as another branch, and write its name as text (baton resolve RUN --branch NAME). No agent works; the gates run on it. ${KEEPS}`,
      },
      {
        name: TRY_AGAIN,
        says: `The merge begins again, such as after ${target} was corrected. No agent works, and approvals hold while the change stays the same.`,
      },
      { name: GIVE_UP, says: 'The step fails, and the run with it. The change stays on its branch.' },
    ],
    recommended: agent === null ? TAKE_BRANCH : LET_AGENT_RESOLVE,
    freeText: true,
  };
}

/** How a blocked landing goes on. */
export type LandingAnswer =
  | { readonly kind: 'end' }
  | { readonly kind: 'again' }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'branch'; readonly branch: string };

/** What an answer means. One in a person's own words is for the agent, or the name of a branch where none is offered. */
export function landingAnswer(
  answer: Pick<GivenAnswer, 'option' | 'text'> | null,
  agent: string | null,
): LandingAnswer {
  if (answer === null || answer.option === GIVE_UP) return { kind: 'end' };
  if (answer.option === TRY_AGAIN) return { kind: 'again' };
  const resolves = answer.option === LET_AGENT_RESOLVE || (answer.option === null && agent !== null);
  return resolves ? { kind: 'resolve' } : { kind: 'branch', branch: (answer.text ?? '').trim() };
}
