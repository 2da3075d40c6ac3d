import type { Writable } from 'node:stream';
import type { SandboxPolicy } from './policy.js';

export interface Command {
  readonly argv: readonly string[];
  /** In a sandbox a path inside it; default: the workspace. */
  readonly cwd?: string;
  /** The whole environment beside PATH (and HOME, LANG, TMPDIR in a sandbox); nothing of Baton's own is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called once with its input, which stays open until it is ended; in place of `stdin`. */
  readonly onInput?: (input: Writable) => void;
  readonly timeoutMs: number;
  /** How much of stdout the result keeps; default 1 MiB. More is cut, the command goes on. */
  readonly maxOutputBytes?: number;
  /** Output of both streams past which the command is ended as `output-limit`; default 256 MiB. */
  readonly maxStreamedBytes?: number;
  readonly signal?: AbortSignal;
  /** Beside `timeoutMs`; default: none. */
  readonly clocks?: Clocks;
  /**
   * Called for every piece as it comes, in whole characters, also for what the result does not keep. While the promise
   * that it returns is open, the command is not read any further, so that it waits. If it throws, the command is ended.
   */
  readonly onOutput?: (stream: OutputStream, chunk: Buffer) => Promise<void> | void;
  /** Called for what a clock says of the command. If it throws, the command is ended. */
  readonly onNotice?: (notice: Notice) => void;
  /** Called for every connection that a list of allowed hosts let through, with `host:port`. */
  readonly onConnection?: (to: string) => void;
  /** Called for what Baton itself refused or ended; what the kernel refuses shows in the command's own output. */
  readonly onRefusal?: (refusal: Refusal) => void;
}

/** What a command is watched by; null: not by this one. */
export interface Clocks {
  /** Silence that is told, each time that there is one. */
  readonly silentMs: number | null;
  /** Silence after which the command counts as hung and is ended. */
  readonly hungMs: number | null;
  /** When it is told that `timeoutMs` draws near. */
  readonly lateMs: number | null;
}

export interface Notice {
  readonly kind: 'silent' | 'late';
  /** As people read it behind the command's name, such as `has said nothing for 30 s`. */
  readonly what: string;
}

export interface Refusal {
  readonly kind: 'network' | 'limit';
  /** As people read it, such as `CONNECT example.com:443 is not on the list of allowed hosts`. */
  readonly what: string;
}

export type OutputStream = 'stdout' | 'stderr';

export interface CommandResult {
  readonly outcome: 'exited' | 'timed-out' | 'hung' | 'cancelled' | 'out-of-memory' | 'output-limit' | 'disk-limit';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Kept up to `maxOutputBytes`, then cut and marked. */
  readonly stdout: string;
  readonly stdoutCut: boolean;
  /** The last 2,000 characters of both streams, 500 where it hung, in the order in which they came; without what no record can keep. */
  readonly tail: string;
  readonly durationMs: number;
  /** How long it had printed nothing when it ended. */
  readonly silentMs: number;
}

/** Runs a command to its end and leaves none of its processes behind. Throws what `onOutput` threw. */
export type Execute = (command: Command, policy: SandboxPolicy) => Promise<CommandResult>;
