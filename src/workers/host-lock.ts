import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';

export interface HostLock {
  release(): void;
}

/** A name among those that work on this data directory, this process' own until it ends. */
export interface Host {
  readonly name: string;
  /** For this process alone: clones, worktrees, homes, caches. */
  readonly directory: string;
}

/** macOS and BSD take the lock as they open the file; Linux has no such flag, and Node no flock(2). */
const O_EXLOCK = process.platform === 'linux' ? null : 0x20;

export const lockFileOf = (workersDirectory: string, name: string): string => join(workersDirectory, `${name}.lock`);

/**
 * Locks a host's name; null where somebody has it. The lock is the kernel's and ends with its process, however that
 * ends. A pid in a file could not be judged: containers that share a data directory cannot see each other's processes.
 *
 * @throws BatonError `no-flock`.
 */
export function lockHost(workersDirectory: string, name: string): HostLock | null {
  mkdirSync(workersDirectory, { recursive: true });
  const file = lockFileOf(workersDirectory, name);
  return O_EXLOCK === null ? byFlock(file) : byOpening(file, O_EXLOCK);
}

/** The wanted name, or, where other processes have that, the first of `<wanted>-2`, `<wanted>-3`, … that is free. */
export function takeHost(workersDirectory: string, wanted: string): Host {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    // Kept to the end of the process.
    if (lockHost(workersDirectory, name)) return { name, directory: join(workersDirectory, name) };
  }
}

/** flock(1) locks what the descriptor stands for, which stays open here: the lock outlives the program. */
function byFlock(file: string): HostLock | null {
  const descriptor = openSync(file, 'a');
  const { status, error } = spawnSync('flock', ['-x', '-n', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  });
  if (status === 0) return { release: () => closeSync(descriptor) };
  closeSync(descriptor);
  if (status === 1) return null;
  throw new BatonError(
    'no-flock',
    `${file} could not be locked by the program flock: install util-linux, and keep the data directory on a file system that knows locks.`,
    { details: { file, status }, cause: error },
  );
}

function byOpening(file: string, exclusive: number): HostLock | null {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusive;
  try {
    const descriptor = openSync(file, flags);
    return { release: () => closeSync(descriptor) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw error;
  }
}
