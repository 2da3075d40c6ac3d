import type { JsonObject } from '../../domain/json.js';
import type { AskedKind, Permission, PermissionRequest } from '../../domain/permission-request.js';
import type { Spent } from '../../domain/usage.js';
import type { AllowedHost } from '../../sandbox/policy.js';
import type { AgentEvent } from '../agent-event.js';
import type { Login } from './login.js';
import type { AgentUsage } from '../../schema/agent-output.js';

/** A program that people use to write code, as Baton runs it: without a terminal, in the sandbox, one prompt an attempt. */
export interface CodingProgram {
  /** Its adapter's name. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** The command that it installs. */
  readonly command: string;
  /** How it is installed, as a sentence says it. */
  readonly install: string;
  /** The version that the contract was last proved with. */
  readonly testedVersion: string;
  /** By what, where it was not the program itself. */
  readonly proof?: 'documentation';
  readonly abilities: Abilities;
  /** Who answers it, for breakers: a provider's name. */
  readonly provider: string;
  /** Whose list prices count for its models, where it reports no cost and the entry names no address: an id of the price table. */
  readonly priceProvider?: string;
  /** Variables of the worker's environment that hold its key, where the agent's row names none. */
  readonly keys: readonly string[];
  /** How it signs in without an API key; left out: it cannot here. */
  readonly login?: Login;
  /** Where its model answers, where the agent's row names no address. */
  readonly hosts: readonly AllowedHost[];
  /**
   * Whether it cannot be kept from settings and hooks of the repository: only agents that trust it run it. A list: where one
   * of these files is at the repository's root.
   */
  readonly needsTrust?: true | readonly string[];
  /** Folders of its own that it would leave in the workspace: it finds them there, empty, and cannot write to them. */
  readonly leaves?: readonly string[];
  /** Files at the repository's root that it would take as orders, with no setting against it: it sees them empty where the repository is not trusted. */
  readonly hides?: readonly string[];
  /** What below its home a session is in; kept, so that it can go on on any worker. None of it: there is no session. */
  sessionPaths(session: string): readonly string[];
  /**
   * A program of Baton's own, by its name, that makes the files of a conversation such as this program takes up; it is run in
   * the sandbox once they are laid out, with the conversation's name.
   */
  readonly mends?: string;
  /** A file below its home that it leaves, with what its output does not tell. */
  readonly report?: string;
  /** How long after it has told of something that is on disk too; it is not ended before. Left out: at once. */
  readonly settlesMs?: number;
  launch(launch: Launch): Started;
  /** Reads one execution's output. */
  reader(launch: Launch): ProgramReader;
}

/** What of it Baton can use, as the compatibility matrix tells it; the contract holds it to each. */
export interface Abilities {
  /** Whether its conversation goes on in a later attempt, on any worker. */
  readonly resume: boolean;
  /** Whether it tells what it used, and what that cost. */
  readonly usage: boolean;
  readonly cost: boolean;
  /** Whether it can ask people before it acts, and end meanwhile. */
  readonly approvals: boolean;
  /** Whether it is given Baton's MCP server. */
  readonly mcp: boolean;
}

export interface Launch {
  readonly prompt: string;
  /**
   * What to ask where it turns out only when it runs that the session is gone, and there is everything to tell, or that it
   * takes no tools.
   */
  readonly promptIf: (turns: { readonly goesOn: boolean; readonly hasTools: boolean }) => string;
  /** Whether it was held up at what people have answered now: some programs go on by themselves. */
  readonly isHeldUp: boolean;
  /** The session to go on with; null begins one. */
  readonly session: string | null;
  /** What the session used before: some programs report the cost or the tokens of the whole conversation. */
  readonly spent: Spent;
  /** Of the caller's making: for programs that take the name of a new session. */
  readonly newSession: string;
  readonly mode: 'change' | 'analysis';
  readonly model: string | null;
  /** Where its model answers; null: where the program asks by itself. */
  readonly baseUrl: string | null;
  /** Its provider's key; null where it needs none. */
  readonly key: { readonly name: string; readonly value: string } | null;
  /** Whether it has a login in place of a key: `Login` says what of it is in its environment. */
  readonly isSignedIn: boolean;
  /** Whether settings and hooks of the repository are heeded. */
  readonly trustsRepository: boolean;
  /** Its home and its workspace, inside. */
  readonly home: string;
  readonly workspace: string;
  /** Where it finds Baton's tools; null: nowhere. */
  readonly mcp: McpServer | null;
  /** The Node that is there, inside. */
  readonly node: string;
  readonly guard: Guard;
}

/** What it has to ask people. */
export interface Guard {
  readonly kinds: readonly AskedKind[];
  /** What was answered to its requests, by their keys. */
  readonly answered: Readonly<Record<string, Permission>>;
  /** Where the files of `Started.guarded` lie, inside. */
  readonly folder: string;
  /** Where Baton's own programs lie that run beside it, inside. */
  readonly programs: string;
}

/** A server of tools over HTTP (the Model Context Protocol). */
export interface McpServer {
  readonly name: string;
  readonly url: string;
  /** What opens it, by the variable of the program's environment that holds it; null where nothing is needed. */
  readonly token: { readonly variable: string } | null;
}

export interface Started {
  /** Without the program itself. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Files below its home that it reads its settings from. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files that it reads and cannot change, by their names in the folder of its guard. */
  readonly guarded?: Readonly<Record<string, string>>;
}

export interface ProgramReader {
  /** A line of its output that is JSON; what is of no type that it knows gives null, and goes into the log as it is. */
  json(line: JsonObject): readonly AgentEvent[] | null;
  /** Any other line, of its output or its errors; the log has it already. */
  text?(line: string): readonly AgentEvent[];
  /** Whether there is nothing more to wait for, though the program itself would: it is ended. */
  isOver?(): boolean;
  /**
   * Speaks with a program that is spoken with while it works; over when it resolves, and never rejected. The program is
   * ended then, where it does not end by itself when its input does.
   */
  talk?(write: (line: string) => void): Promise<void>;
  /** Its output has ended. */
  hangUp?(): void;
  /** How it ended, by all that it said, and by the file that it left as its report: its exit code proves nothing. */
  conclude(report: string | null): Conclusion;
}

export interface Conclusion {
  readonly session: string | null;
  readonly usage: AgentUsage | null;
  readonly verdict:
    | { readonly kind: 'done'; readonly text: string }
    | { readonly kind: 'failed'; readonly message: string; readonly retryable: boolean }
    /** The provider takes no more for now. */
    | { readonly kind: 'limited'; readonly message: string; readonly resetAtMs: number | null }
    /** It waits for people, and has ended meanwhile. */
    | { readonly kind: 'asks'; readonly what: string; readonly permission: PermissionRequest }
    /** It ended and did not say how. */
    | { readonly kind: 'unsaid' };
}
