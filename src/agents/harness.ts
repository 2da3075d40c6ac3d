import type { Change } from '../domain/context/change.js';
import type { Told } from '../domain/context/budget.js';
import type { Snippet } from '../domain/context/snippets.js';
import type { AttemptFailure } from '../domain/attempt.js';
import type { ChecklistItem } from '../domain/checklist.js';
import type { GateResult } from '../domain/gate.js';
import type { JsonObject } from '../domain/json.js';
import type { GivenAnswer, Question } from '../domain/question.js';
import type { StepSandbox } from '../domain/sandbox-settings.js';
import type { ServiceName } from '../domain/service.js';
import type { AgentAnswer, AgentUsage } from '../schema/agent-output.js';
import type { Spent } from '../domain/usage.js';
import type { AgentEvent } from './agent-event.js';
import type { Execute } from '../sandbox/command.js';
import type { Isolation } from '../sandbox/execute.js';
import type { SandboxedPolicy } from '../sandbox/policy.js';
import type { ChecklistSink } from './json-lines.js';

/** A failure as it returns to the agent: each gate with the place of its whole log, below Baton's address. */
export interface ReturnedFailure extends Omit<AttemptFailure, 'gates'> {
  readonly gates: readonly (GateResult & { readonly log: string | null })[];
}

export const returnFailure = (failure: AttemptFailure): ReturnedFailure => ({
  ...failure,
  gates: failure.gates.map((gate) => ({
    ...gate,
    log: gate.logArtifact === null ? null : `/api/artifacts/${gate.logArtifact}`,
  })),
});

/** A file that an agent is shown before it looks by itself. */
export interface RequestedFile {
  readonly path: string;
  /** Why it may matter, each in a few words. */
  readonly why: readonly string[];
  readonly snippets: readonly Snippet[];
}

/** A file in which a repository speaks to agents, such as `AGENTS.md`. */
export interface Guidance {
  readonly path: string;
  readonly text: string;
}

/** Parts of the repository that the workspace does not have, by path: the first of each. */
export interface Unfilled {
  /** Empty folders. */
  readonly submodules: readonly string[];
  /** Files that hold a pointer of Git LFS in place of their content. */
  readonly pointers: readonly string[];
  /** Patterns of files whose new content is refused, as Baton runs no Git filter. */
  readonly patterns: readonly string[];
}

/** What an agent is asked to do, as it reads it. */
export interface AgentRequest {
  readonly action: string;
  /** `change`: edit the tree in the workspace. `analysis`: the workspace is read-only, the answer is what counts. */
  readonly mode: 'change' | 'analysis';
  readonly params: JsonObject;
  /** What its role is told; null where Baton ships nothing for it. */
  readonly instructions: string | null;
  readonly issue: JsonObject | null;
  readonly repository: string;
  readonly attempt: number;
  /** The commit that the change is against; `HEAD` in the workspace is what stands. */
  readonly base: string;
  /** Why the attempt before was not enough. */
  readonly failure: ReturnedFailure | null;
  /** What this agent said that its conversation is found by: of its attempt before, or of the step that `same` names. */
  readonly session: string | null;
  /** Whether that conversation is about this very step, and knows what is to do. */
  readonly told: boolean;
  /** What people answered to the questions of this step, oldest first. */
  readonly answers: readonly GivenAnswer[];
  /** What the run has changed so far; left out: nothing yet. */
  readonly change?: Change;
  /** What the repository itself tells those who work on it, from its protected branch; left out: nothing. */
  readonly guidance?: readonly Guidance[];
  /** What the checkout does not fill; left out: it fills all. */
  readonly unfilled?: Unfilled;
  /** What of the repository may matter most, the first the most; left out: nobody looked. */
  readonly files?: readonly RequestedFile[];
  /** What is to do in this step, and where to go on: the first item that is not done. */
  readonly checklist: { readonly items: readonly ChecklistItem[]; readonly next: string | null };
}

/** What a program finds a conversation by again, kept from attempt to attempt and from worker to worker. */
export interface SessionFiles {
  /** What the attempts that had the conversation before used together. */
  readonly spent: Spent;
  /** An archive of the files as they were kept last; null: there are none. */
  open(): Promise<Buffer | null>;
  keep(conversation: Conversation): Promise<void>;
}

export interface Conversation {
  /** What the program finds it by. */
  readonly name: string;
  readonly archive: Buffer;
}

/** What is kept while an agent works, so that little is lost when its worker dies. */
export interface Progress {
  /** Something was done: a good moment to keep tree and conversation. */
  readonly turned: () => void;
  /** How the conversation is archived at such a moment; null: there is nothing of it yet. */
  readonly conversing: (archive: () => Promise<Conversation | null>) => void;
}

/** Where an agent finds Baton's tools (the Model Context Protocol, over HTTP), and the token that opens them. */
export interface AgentTools {
  readonly url: string;
  readonly token: string;
  /** What the agent asks of them without the secrets that the worker knows. */
  readonly clean: (body: string) => string;
  /** Whether the agent has ended its attempt by one of them. */
  readonly hasReported: () => Promise<boolean>;
}

export interface AgentContext {
  readonly execute: Execute;
  readonly isolation: Isolation;
  readonly policy: SandboxedPolicy;
  /** What the step says of the sandbox, in place of the agent's entry. */
  readonly sandbox?: StepSandbox;
  /** What the step says that a program is told at most, in place of the agent's entry. */
  readonly contextTokens?: number;
  readonly timeoutMs: number;
  /** How long nothing may be heard of a program before it counts as stuck; left out: as long as is usual. */
  readonly silenceMs?: number;
  readonly signal: AbortSignal;
  /** Whether an earlier execution of this very attempt may have acted already. */
  readonly startedBefore: boolean;
  /** The same at every execution of the attempt, and another at the next one. */
  readonly idempotencyKey: string;
  /** The worker's environment, for adapters that send a secret themselves; nothing of it reaches a sandbox. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  /** What Baton reads of the step's repository and of its own record; nothing of the repository runs for it. */
  readonly facts: () => Promise<JsonObject>;
  /** Has Baton do something itself, once an attempt. Throws BatonError. */
  readonly serve: (service: ServiceName, params: JsonObject) => Promise<JsonObject>;
  /** Opens Baton's tools for this attempt, for agents that can call them; null, or left out: this worker knows no way to them. */
  readonly openTools?: () => Promise<AgentTools | null>;
  /** Counts what the agent is told, where that has a budget. */
  readonly told?: (told: Pick<Told, 'tokens' | 'leftOut' | 'cut'> & { readonly diffs: readonly string[] }) => void;
  /** Keeps what the agent says of its checklist, live. */
  readonly checklist: ChecklistSink;
  /** Appends to the attempt's log, live. */
  readonly log: (line: string) => void;
  readonly progress: Progress;
  /** Keeps what the agent did, live: in the log, and as an event of the attempt. */
  readonly event: (event: AgentEvent) => void;
  /** Keeps a line of the program's output as it is. */
  readonly raw: (line: string) => void;
  /** The files of the conversation that the request's `session` names. */
  readonly session: SessionFiles;
}

export type AgentOutcome = { readonly usage: AgentUsage | null; readonly session?: string | null } & (
  | { readonly kind: 'answered'; readonly answer: AgentAnswer }
  | { readonly kind: 'asked'; readonly question: Question & { readonly session: string | null } }
  /** Its provider takes no more for now; null: nobody said until when. That is no failure of the agent's. */
  | {
      readonly kind: 'limited';
      readonly provider: string;
      readonly message: string;
      readonly resetAtMs: number | null;
    }
  /** What the program did wrong. `retryable`: another attempt may go better. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly retryable: boolean }
);

/** A provider, and which of its keys: the beginning of a hash, never the key. */
export interface Account {
  readonly name: string;
  readonly fingerprint: string;
}

/** One agent program. Its answer and its exit code prove nothing: what it left in the tree is checked by gates. */
export interface Harness {
  /** What it uses up at a provider; left out, or null: nothing that is known. */
  account?(entry: JsonObject, environment: AgentContext['secrets']): Account | null;
  run(entry: JsonObject, request: AgentRequest, context: AgentContext): Promise<AgentOutcome>;
}
