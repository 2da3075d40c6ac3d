import type { CodingProgram, Abilities } from '../../../src/agents/coding/coding-program.js';
import type { AgentContext, AgentRequest } from '../../../src/agents/harness.js';
import type { JsonObject } from '../../../src/domain/json.js';
import type { AgentAnswer, AgentUsage } from '../../../src/schema/agent-output.js';
import type { Bench, Told } from './bench.js';

/** What an adapter is asked: its entry, and what of the request and its place is not as usual. */
export interface Asked {
  readonly entry: JsonObject;
  readonly request?: Partial<AgentRequest>;
  readonly context?: Partial<AgentContext>;
}

/** Arranges what is to happen, when its test runs. */
export type Case = () => Asked;

export interface Failure {
  readonly code: string;
  readonly retryable?: boolean;
  /** What the sentence has in it. */
  readonly says?: string;
}

/**
 * What an adapter is held to, told by entries of its own: one file each in `adapters/`. Every clause of `clauses.ts` is
 * asked of it, or the honest contrary, where it says here that it cannot.
 */
export interface Contract {
  /** Secrets of the worker, by the variables that its entries name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The hosts that its entries name. */
  readonly open?: () => Promise<void>;
  readonly close?: () => void;
  /** Refused, with the JSON pointer of what is wrong. */
  readonly invalid: readonly (readonly [entry: JsonObject, pointer: string])[];
  /** Answers, where it is asked to double 21, with the output `{ doubled: 42 }`, and what else it says here. */
  readonly doubles: Case;
  readonly answer?: Partial<Pick<AgentAnswer, 'summary' | 'findings'>>;
  /** What it tells that it used for that; null: nothing. */
  readonly usage: AgentUsage | null;
  /** Whether its conversation is found again. */
  readonly keepsSession: boolean;
  /** Whether it starts a real program, which takes seconds: it is not asked for the same twice. */
  readonly isReal?: true;
  /** Ends only when it is ended; null: there is nothing to wait for. */
  readonly endless: {
    readonly case: Case;
    readonly hasBegun: (told: Told, bench: Bench) => boolean;
    /** In the environment of what it starts. */
    readonly mark?: string;
  } | null;
  readonly fails: readonly (readonly [what: string, failing: Case, failure: Failure])[];
  /** Asks `QUESTION` in place of an answer; null: it cannot. */
  readonly asks: Case | null;
  /** Meets the limit of a provider; null: it uses up nothing. */
  readonly limited: {
    readonly case: Case;
    readonly provider: () => string;
    /** Left out: who knows. */
    readonly resetAtMs?: unknown;
  } | null;
  /** Tells an event that no version knows; null: it tells none, or its protocol has none that is unknown. */
  readonly tellsUnknown: Case | null;
  /** Runs a shell script in the workspace and ends well; null: it runs no commands there. */
  readonly runs: ((script: string) => Asked) | null;
  readonly program?: ProgramContract;
  /** What holds of it alone. */
  readonly alone?: (bench: Bench) => void;
}

/** Of an adapter that runs a program which people write code with. */
export interface ProgramContract {
  /** Its abilities are claims, told in the docs: each is shown, or its contrary. */
  readonly claims: Pick<CodingProgram, 'title' | 'abilities'>;
  /** How each that it claims is shown. */
  readonly proofs: Readonly<Partial<Record<keyof Abilities, (bench: Bench) => Promise<void>>>>;
}

/** Two ways, which a question of a contract leaves to people. */
export const QUESTION = {
  text: 'Which?',
  options: [
    { name: 'A', says: 'This.' },
    { name: 'B', says: 'That.' },
  ],
  recommended: 'B',
};

/** A message that ends with it. */
export const sayingQuestion = (): string =>
  `I cannot tell.\n\`\`\`json\n${JSON.stringify({ type: 'question', ...QUESTION })}\n\`\`\``;
