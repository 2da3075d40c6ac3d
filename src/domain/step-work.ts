import type { Finding } from './gate.js';
import type { JsonObject } from './json.js';
import type { Question } from './question.js';
import type { AssignedAgent, StepRef } from './work.js';

/** What an agent that calls Baton is at work on: one attempt at one step. */
export interface StepWork {
  readonly ref: StepRef;
  readonly attempt: number;
  readonly agent: Pick<AssignedAgent, 'id' | 'name'>;
  readonly action: string;
}

/** What an agent says by a tool of Baton's that ends its attempt, whatever its program says afterwards. */
export type AgentReport =
  | { readonly kind: 'question'; readonly question: Question }
  | {
      readonly kind: 'submission';
      readonly summary: string;
      readonly output: JsonObject;
      readonly findings: readonly Finding[];
    };

/** What people are asked where an agent says only that it cannot go on. */
export const blockedQuestion = (reason: string): Question => ({
  text: `I cannot go on: ${reason}`,
  options: [
    { name: 'Go on', says: 'What stood in the way is out of it, or it does as you write.' },
    { name: 'Do without', says: 'It does what can be done, and says what it left out.' },
  ],
  recommended: null,
  freeText: true,
});

/** Who only gives advice on a step has no part in its checklist, and cannot ask back. */
export const isAdvice = ({ action }: Pick<StepWork, 'action'>): boolean => action === 'orchestrate.advise';
