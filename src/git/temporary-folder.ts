import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { removeTree } from '../sandbox/remove-tree.js';

/** A process of another host, or one whose pid another process has now, is taken for gone after this time. */
const GONE_AFTER_MS = 24 * 3_600_000;

const HOST = hostname().replace(/[^A-Za-z0-9.-]/g, '_');
const NAME = /\.(?:making|pulling)-([A-Za-z0-9._-]*)-(\d+)-[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Temporary folders of this process that are in use. */
const inUse = new Set<string>();

/**
 * Lends the name of a temporary folder beside `path`, and removes the folder afterwards. The name says which process
 * has it, so that `removeLeftovers` finds what a killed process left.
 */
export async function withTemporaryFolder<T>(
  path: string,
  purpose: 'making' | 'pulling',
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = `${path}.${purpose}-${HOST}-${process.pid}-${randomUUID()}`;
  inUse.add(temporary);
  try {
    return await use(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    inUse.delete(temporary);
  }
}

/** Removes the temporary folders in `directory` whose process is gone. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const path = join(directory, name);
    if (await isLeftover(path)) await removeTree(path);
  }
}

async function isLeftover(path: string): Promise<boolean> {
  const [, host, pid] = NAME.exec(path.slice(dirname(path).length + 1)) ?? [];
  if (host === undefined || inUse.has(path)) return false;
  // A restarted container has the host and the pid of its earlier life.
  if (host === HOST && (Number(pid) === process.pid || !isRunning(Number(pid)))) return true;
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs > GONE_AFTER_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
