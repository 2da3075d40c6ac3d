import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once, type EventEmitter } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { BatonError } from '../domain/errors.js';
import { inheritedDescriptors } from './inherited-descriptors.js';

export interface StartOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /** Pipes beyond the three usual ones, from descriptor 3 on. */
  readonly extraStreams?: number;
}

/** A started program, which emits `exit` as a child does. */
export interface Started extends EventEmitter {
  readonly pid?: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly stdio: readonly (Readable | Writable | null | undefined)[];
}

/** Starts a program as the leader of its own process group, with no descriptor but those asked for; resolves when it runs. */
export function start(argv: readonly string[], { env, cwd, extraStreams = 0 }: StartOptions): Promise<ChildProcess> {
  return startWith(argv, { env, cwd, stdio: Array.from({ length: 3 + extraStreams }, () => 'pipe') });
}

/** As `start`, with streams of the caller's choice. */
export async function startWith(
  argv: readonly string[],
  { env, cwd, stdio }: Omit<StartOptions, 'extraStreams'> & { readonly stdio: readonly ('pipe' | 'ignore' | 'ipc')[] },
): Promise<ChildProcess> {
  const [program = '', ...args] = argv;
  const nothing = openSync('/dev/null', 'r');
  try {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: replacingInherited(stdio, nothing) });
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw notStarted(argv, cwd, cause);
  } finally {
    closeSync(nothing);
  }
}

/** The error for a program that could not be started. */
export function notStarted(argv: readonly string[], cwd: string | undefined, cause: unknown): BatonError {
  const where = cwd === undefined ? '' : ` in ${cwd}`;
  return new BatonError('command-not-started', `${argv[0] ?? ''} could not be started${where}: is it installed?`, {
    details: { argv, cwd },
    cause,
  });
}

// A descriptor cannot be left out, only replaced: by the empty file.
function replacingInherited(stdio: readonly ('pipe' | 'ignore' | 'ipc')[], nothing: number): StdioOptions {
  const replaced = inheritedDescriptors().filter((fd) => fd >= stdio.length && fd !== nothing);
  const all: ('pipe' | 'ignore' | 'ipc' | number)[] = [...stdio];
  for (const fd of replaced) {
    while (all.length < fd) all.push('ignore');
    all[fd] = nothing;
  }
  return all;
}
