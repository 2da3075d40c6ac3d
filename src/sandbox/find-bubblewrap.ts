import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Bubblewrap } from './bubblewrap.js';
import { findProgram } from './find-program.js';
import { findHostTools } from './toolchains/host-tools.js';
import { findToolchain } from './toolchain.js';

const MAX_OPEN_FILES = 65_536;

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
    // What it starts can have no more than Baton itself may have, and must leave it some.
    maxProcesses: Math.floor(ownLimit('Max processes') / 2),
    maxOpenFiles: Math.min(MAX_OPEN_FILES, ownLimit('Max open files')),
    toolchain: findToolchain(),
    tools: findHostTools(process.env),
  };
}

/** The hard limit that Baton itself is held to. */
function ownLimit(name: string): number {
  const limits = readFileSync('/proc/self/limits', 'latin1');
  const [, hard] = new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, 'm').exec(limits) ?? [];
  return hard === undefined ? Infinity : Number(hard);
}
