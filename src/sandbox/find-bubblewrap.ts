import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bubblewrap } from './bubblewrap.js';
import { findProgram } from './find-program.js';
import { findToolchain } from './toolchain.js';

let found: Promise<Bubblewrap | null> | undefined;

/** The bubblewrap of this host, null when it is not installed. Looked for again until it is found. */
export async function findBubblewrap(): Promise<Bubblewrap | null> {
  found ??= look();
  const bubblewrap = await found;
  if (!bubblewrap) found = undefined;
  return bubblewrap;
}

async function look(): Promise<Bubblewrap | null> {
  const program = findProgram('bwrap');
  if (!program) return null;
  const { stdout } = await promisify(execFile)(program, ['--version'], { env: {}, timeout: 5_000 });
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  return {
    program,
    version: [Number(major), Number(minor)],
    asRoot: process.getuid?.() === 0,
    toolchain: findToolchain(),
  };
}
