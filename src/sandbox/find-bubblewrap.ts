import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Bubblewrap } from './bubblewrap.js';
import { findProgram } from './find-program.js';
import { findToolchain } from './toolchain.js';

/** More than any build starts, threads included; less than what a fork bomb needs to stop the host. */
const MAX_PROCESSES = 4_096;

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
    maxProcesses: Math.min(MAX_PROCESSES, Math.floor(ownLimit() / 2)),
    toolchain: findToolchain(),
  };
}

/** How many processes Baton itself may have at the most: what it starts can have no more, and must leave it some. */
function ownLimit(): number {
  const [, hard] = /^Max processes\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
  return hard === undefined ? Infinity : Number(hard);
}
