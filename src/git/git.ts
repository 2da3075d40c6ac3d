import { BatonError } from '../domain/errors.js';
import type { CommandResult } from '../sandbox/command.js';
import { execute } from '../sandbox/execute.js';

export interface GitOptions {
  readonly gitDir: string;
  readonly workTree?: string;
  /** Patterns of files that are not taken in; a file that is not there holds none. */
  readonly excludesFile?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
  /** Hears stdout as it comes, of any length; then nothing of it is kept. */
  readonly onOutput?: (chunk: Buffer) => void;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

// An agent may have written any file of the worktree: nothing there may make git run a program.
const CONFIG = [
  'core.fsmonitor=',
  'core.hooksPath=/dev/null',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'protocol.ext.allow=never',
  'diff.ignoreSubmodules=all',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  // Worktrees are registered as files are laid out in this format.
  GIT_DEFAULT_REF_FORMAT: 'files',
  GIT_EDITOR: 'true',
  HOME: '/nonexistent',
  LC_ALL: 'C',
};

/**
 * Runs git on an explicit repository, never on one that it finds by itself, with none of the user's settings.
 *
 * @returns stdout without the white space at its end.
 * @throws BatonError `git-failed`; retryable where another git held a lock or the network was away.
 */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  return (await gitOutput(args, options)).trimEnd();
}

/** As `git`, every byte of stdout. */
export async function gitOutput(args: readonly string[], options: GitOptions): Promise<string> {
  const result = await tryGit(args, options);
  if (result.exitCode !== 0) throw gitFailed(args, result);
  if (result.stdoutCut && !options.onOutput) {
    throw new BatonError('git-output-too-large', `git ${args[0]} said more than fits: narrow the question.`, {
      details: { args },
    });
  }
  return result.stdout;
}

const excluding = ({ excludesFile }: GitOptions): string[] =>
  excludesFile === undefined ? [] : ['-c', `core.excludesFile=${excludesFile}`];

function outputOf({ maxOutputBytes = MAX_OUTPUT_BYTES, onOutput }: GitOptions) {
  if (!onOutput) return { maxOutputBytes };
  const hear = (stream: 'stdout' | 'stderr', chunk: Buffer): void => {
    if (stream === 'stdout') onOutput(chunk);
  };
  return { maxOutputBytes: 0, maxStreamedBytes: Infinity, onOutput: hear };
}

/** For commands whose exit code is an answer. Throws only where git did not come to its own end. */
export async function tryGit(args: readonly string[], options: GitOptions): Promise<CommandResult> {
  const result = await execute(
    {
      argv: ['git', ...CONFIG, ...excluding(options), ...args],
      cwd: options.workTree ?? '/',
      env: {
        ...ENVIRONMENT,
        GIT_DIR: options.gitDir,
        ...(options.workTree === undefined ? {} : { GIT_WORK_TREE: options.workTree }),
        ...options.env,
      },
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      ...outputOf(options),
      ...(options.input === undefined ? {} : { stdin: options.input }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
    { kind: 'host', reason: "Baton's own git" },
  );
  if (result.outcome !== 'exited' || result.exitCode === null) throw gitFailed(args, result);
  return result;
}

/** The error for a git command that failed. */
export function gitFailed(args: readonly string[], { outcome, exitCode, tail }: CommandResult): BatonError {
  const how = outcome === 'exited' ? `exited with ${exitCode}` : outcome;
  return new BatonError('git-failed', `git ${args.join(' ').slice(0, 200)} ${how}: ${tail.trim()}`, {
    details: { args, outcome, exitCode, tail },
    retryable: TRANSIENT.test(tail),
  });
}

const TRANSIENT =
  /cannot lock ref|unable to create .*\.lock|could not resolve host|connection (refused|reset|timed out)|early EOF|hung up/i;
