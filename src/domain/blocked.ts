import type { AttemptFailure } from './attempt.js';
import {
  type GivenAnswer,
  GIVE_UP,
  type Question,
  type QuestionOption,
  type QuestionSettings,
  TRY_AGAIN,
} from './question.js';

/** Why a step cannot go on although its agent may have done its work. */
export type Blockage =
  /** `notSetUp`: the gates that people may go on without; empty where they may not. */
  | { readonly kind: 'gates'; readonly commit: string; readonly notSetUp: readonly string[] }
  | { readonly kind: 'set-up' }
  /** `offersAgent`: whether an agent may still try to resolve it. */
  | { readonly kind: 'conflict'; readonly branch: string; readonly offersAgent: boolean };

export const RUN_GATES_AGAIN = 'Run the gates again';
export const GO_ON_WITHOUT = 'Go on without it';
export const RUN_SET_UP_AGAIN = 'Run the set-up again';
export const LET_AGENT_RESOLVE = 'Let the agent resolve it';
export const TAKE_BRANCH = 'Take a branch';

/** How often an agent may try to resolve the conflicts of one step. */
export const MAX_RESOLUTIONS = 3;

const CONFIG = '.baton/repository.yaml on the default branch';

/** Whether people are asked before such a step ends. */
export const asksWhenBlocked = ({ askWhenBlocked }: QuestionSettings): boolean => askWhenBlocked === true;

/** What people are asked where a step is blocked. Each option keeps the work that is done. */
export function blockedQuestion(
  step: string,
  agent: string,
  blockage: Blockage,
  { message }: Pick<AttemptFailure, 'message'>,
): Question {
  switch (blockage.kind) {
    case 'gates':
      return {
        text: `${step} waits: ${message}`,
        options: [
          {
            name: RUN_GATES_AGAIN,
            says: `First correct ${CONFIG} or the environment. The gates then run on the same commit; no agent works.`,
          },
          ...goOnWithout(blockage.notSetUp),
          { name: TRY_AGAIN, says: `${agent} makes another attempt, and reads what you write.` },
          giveUp,
        ],
        recommended: RUN_GATES_AGAIN,
        freeText: true,
      };
    case 'set-up':
      return {
        text: `${step} waits: the worktree of ${agent} could not be made ready. ${message}`,
        options: [
          {
            name: RUN_SET_UP_AGAIN,
            says: `First correct ${CONFIG} or the environment. The step then begins again with the set-up; no attempt is used up.`,
          },
          giveUp,
        ],
        recommended: RUN_SET_UP_AGAIN,
        freeText: false,
      };
    case 'conflict':
      return {
        text: `${step} waits: ${message}`,
        options: [
          ...(blockage.offersAgent
            ? [
                {
                  name: LET_AGENT_RESOLVE,
                  says: `${agent} gets both changes with their intents, and resolves the conflict. The gates run on the result.`,
                },
              ]
            : []),
          {
            name: TAKE_BRANCH,
            says: `Resolve it yourself on top of ${blockage.branch}, push that as another branch, and write its name as text (baton resolve RUN --branch NAME). The gates run on it.`,
          },
          giveUp,
        ],
        recommended: blockage.offersAgent ? LET_AGENT_RESOLVE : TAKE_BRANCH,
        freeText: true,
      };
  }
}

const goOnWithout = (gates: readonly string[]): readonly QuestionOption[] =>
  gates.length === 0
    ? []
    : [
        {
          name: GO_ON_WITHOUT,
          says: `The step succeeds although ${gates.join(' and ')} judged nothing. Whoever approves the change sees that.`,
        },
      ];

const giveUp: QuestionOption = { name: GIVE_UP, says: 'The step fails, and the run with it. Its commits are kept.' };

/** What is done after an answer. An answer without an option has words. */
export type Unblocked =
  | { readonly kind: 'again' }
  | { readonly kind: 'attempt' }
  | { readonly kind: 'without' }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'branch'; readonly branch: string }
  | { readonly kind: 'end' };

export function unblocked(answer: Pick<GivenAnswer, 'option' | 'text'> | null, blockage: Blockage): Unblocked {
  if (answer === null) return { kind: 'end' };
  switch (answer.option) {
    case RUN_GATES_AGAIN:
    case RUN_SET_UP_AGAIN:
      return { kind: 'again' };
    case GO_ON_WITHOUT:
      return { kind: 'without' };
    case LET_AGENT_RESOLVE:
      return { kind: 'resolve' };
    case TAKE_BRANCH:
      return { kind: 'branch', branch: (answer.text ?? '').trim() };
    case GIVE_UP:
      return { kind: 'end' };
    default:
      // People's own words are for the agent, or, where none is offered, the name of a branch.
      if (blockage.kind !== 'conflict') return { kind: 'attempt' };
      return blockage.offersAgent ? { kind: 'resolve' } : { kind: 'branch', branch: answer.text!.trim() };
  }
}
