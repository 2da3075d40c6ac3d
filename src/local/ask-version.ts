import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { killGroup } from './process-group.js';

export type Version =
  | { readonly kind: 'said'; readonly version: string }
  /** Why not, as the end of a sentence. */
  | { readonly kind: 'unsaid'; readonly why: string };

const MAX_OUTPUT = 65_536;

/**
 * Asks a program of this machine for its version, without any key, in a home of its own, which is gone afterwards: many
 * programs make folders when they start. Its process group has ended when this resolves: launchers do not pass signals on.
 */
export async function askVersion(file: string, path: string, timeoutMs: number): Promise<Version> {
  const home = await mkdtemp(join(tmpdir(), 'baton-version-'));
  const env = { PATH: path, HOME: home, TMPDIR: home, LC_ALL: 'C.UTF-8' };
  const child = spawn(file, ['--version'], { cwd: home, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    return await answerOf(child, timeoutMs);
  } finally {
    if (child.pid !== undefined) await killGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function answerOf(child: ChildProcessByStdio<null, Readable, Readable>, timeoutMs: number): Promise<Version> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => {
      if (said[stream].length < MAX_OUTPUT) said[stream] += chunk.toString();
    });
  return new Promise((resolve) => {
    const late = { kind: 'unsaid', why: `it gives no answer in ${timeoutMs / 1000} s` } as const;
    const deadline = setTimeout(() => resolve(late), timeoutMs);
    const end = (version: Version): void => {
      clearTimeout(deadline);
      resolve(version);
    };
    child.once('error', ({ message }) => end({ kind: 'unsaid', why: `it cannot be started (${message})` }));
    child.once('close', (code, signal) => end(read(said, code ?? signal)));
  });
}

function read({ stdout, stderr }: { stdout: string; stderr: string }, ended: number | string | null): Version {
  const [version] = /\d+(?:\.\d+)+(?:-[\w.]*\w)?/.exec(stdout) ?? [];
  if (ended === 0 && version !== undefined) return { kind: 'said', version };
  const [words] = /\S.*/.exec(stderr || stdout) ?? ['nothing'];
  return { kind: 'unsaid', why: `it ended with ${ended} and said ${words.slice(0, 200)}` };
}
