import type { Person } from './approval.js';
import type { PermissionRequest } from './permission-request.js';
import type { AssignedAgent, StepRef } from './work.js';

/** One way to answer a question. */
export interface QuestionOption {
  readonly name: string;
  /** What choosing it means, in a sentence. */
  readonly says: string;
}

/** What is asked of people. */
export interface Question {
  readonly text: string;
  /** At least two. */
  readonly options: readonly QuestionOption[];
  /** Name of the option that the asker would take. */
  readonly recommended: string | null;
  /** Whether an answer may be in the person's own words, beside an option or in its place. */
  readonly freeText: boolean;
  /** What its program wants to be allowed; left out where an agent asks something else. */
  readonly permission?: PermissionRequest;
}

export interface Answer {
  readonly by: Person;
  /** Name of an option. */
  readonly option: string | null;
  /** The person's own words. */
  readonly text: string | null;
  readonly reason: string | null;
}

/** An answer as it is told to the agent. */
export interface GivenAnswer extends Omit<Answer, 'by'> {
  readonly question: string;
  /** Handle. */
  readonly by: string;
  /** What was allowed or denied by it. */
  readonly permission?: PermissionRequest;
}

/** Where a step asks people. */
export interface QuestionSettings {
  /** How long an answer is waited for, in milliseconds. */
  readonly answerWithinMs: number;
  /** Whether people are asked before a step fails whose attempts are used up. */
  readonly askOnFailure: boolean;
  /**
   * Whether people are asked before a step ends whose work may be good: gates are inconclusive, the set-up fails, or its
   * change conflicts. Left out: no.
   */
  readonly askWhenBlocked?: boolean;
}

const DAY_MS = 24 * 3600_000;
/** As long as an approval is waited for. */
export const QUESTION_DEFAULTS: QuestionSettings = { answerWithinMs: 7 * DAY_MS, askOnFailure: false };

/** Where a pipeline says nothing: work that was paid for does not end without a question. */
export const PAID_QUESTION_DEFAULTS: QuestionSettings = { ...QUESTION_DEFAULTS, askWhenBlocked: true };

/** An agent that asks more of one step has not understood it. */
export const MAX_QUESTIONS = 10;
/** Who is asked more often by a program is not governing any more: a kind of request can be allowed at once. */
export const MAX_PERMISSION_REQUESTS = 100;

/** Job roles whose holders may answer any question of their project. */
export const ANSWERING_ROLES: readonly string[] = ['senior-developer', 'team-lead', 'tech-lead'];

/** Who may answer a question of a run, as handles and job roles: whoever asked for the run, and those who lead the work. */
export const answerersOf = (requestedBy: string): readonly string[] => [requestedBy, ...ANSWERING_ROLES];

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Why a person is not asked; null who may answer. */
export function refuseAnswerer(answerers: readonly string[], { handle, roles }: Person): Refusal | null {
  if (answerers.some((answerer) => answerer === handle || roles.includes(answerer))) return null;
  return { code: 'not-asked', message: `${handle} is not among those who are asked: ${answerers.join(', ')}` };
}

/** Why an answer is refused, as a code and a sentence; null when it counts. */
export function refuseAnswer(
  { options, freeText }: Question,
  answerers: readonly string[],
  { by, option, text, reason }: Answer,
): Refusal | null {
  const stranger = refuseAnswerer(answerers, by);
  if (stranger) return stranger;
  const names = options.map(({ name }) => name);
  if (option !== null && !names.includes(option)) {
    return { code: 'unknown-option', message: `${option} is no option of this question; choose ${names.join(', ')}` };
  }
  if (text !== null && !freeText) {
    return { code: 'option-needed', message: `This question takes one of its options: ${names.join(', ')}` };
  }
  if (option === null && text === null) {
    return { code: 'answer-missing', message: `Choose an option: ${names.join(', ')}` };
  }
  if (text === null && reason === null) {
    return { code: 'reason-missing', message: 'Say why: the reason is kept, and told to whoever asked' };
  }
  return null;
}

/** An answer in one line, for people. */
export const answerLine = ({ option, text, reason }: Omit<Answer, 'by'>): string =>
  [option, text, reason === null ? null : `(${reason})`].filter((part) => part !== null).join(' ');

export const TRY_AGAIN = 'Try again';
export const GIVE_UP = 'Give up';

/** What people are asked when neither the attempts of a step nor the orchestrator's advice were enough. */
export const failureQuestion = (step: string, agent: string, why: string): Question => ({
  text: `${agent} has used up the attempts of ${step}: ${why}`,
  options: [
    { name: TRY_AGAIN, says: `${agent} gets another round of attempts, and reads what you write.` },
    { name: GIVE_UP, says: 'The step fails, and the run with it.' },
  ],
  recommended: null,
  freeText: true,
});

interface QuestionRef {
  readonly ref: StepRef;
  readonly id: string;
}

/** What the workflow of a step calls when it asks. */
export interface QuestionActivities {
  /** Opens the question; that of an agent ends its attempt. */
  askQuestion(
    request: QuestionRef & {
      readonly question: Question;
      readonly answerers: readonly string[];
      readonly by: 'agent' | 'system';
      /** The agent that cannot go on, and its attempt; null: no agent is concerned. */
      readonly agent: AssignedAgent | null;
      readonly attempt: number;
      /** Where the answer is brought. */
      readonly workflowId: string;
      readonly expiresAtMs: number;
    },
  ): Promise<void>;
  answerQuestion(request: QuestionRef & { readonly answer: Answer }): Promise<void>;
  closeQuestion(request: QuestionRef & { readonly outcome: 'expired' | 'cancelled' }): Promise<void>;
}
