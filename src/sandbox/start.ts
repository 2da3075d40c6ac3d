import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { BatonError } from '../domain/errors.js';
import { inheritedDescriptors } from './inherited-descriptors.js';

export interface StartOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /** Pipes beyond the three usual ones, from descriptor 3 on. */
  readonly extraStreams?: number;
}

/** Starts a program as the leader of its own process group, with no descriptor but those asked for; resolves when it runs. */
export async function start(
  argv: readonly string[],
  { env, cwd, extraStreams = 0 }: StartOptions,
): Promise<ChildProcess> {
  const [program = '', ...args] = argv;
  const nothing = openSync('/dev/null', 'r');
  try {
    const stdio = streams(3 + extraStreams, nothing);
    const child = spawn(program, args, { cwd, env, detached: true, stdio });
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    const where = cwd === undefined ? '' : ` in ${cwd}`;
    throw new BatonError('command-not-started', `${program} could not be started${where}: is it installed?`, {
      details: { argv, cwd },
      cause,
    });
  } finally {
    closeSync(nothing);
  }
}

// A descriptor cannot be left out, only replaced: by the empty file.
function streams(pipes: number, nothing: number): StdioOptions {
  const replaced = inheritedDescriptors().filter((fd) => fd >= pipes && fd !== nothing);
  const stdio: ('pipe' | 'ignore' | number)[] = Array.from(
    { length: Math.max(pipes, ...replaced.map((fd) => fd + 1)) },
    () => 'ignore',
  );
  stdio.fill('pipe', 0, pipes);
  for (const fd of replaced) stdio[fd] = nothing;
  return stdio;
}
