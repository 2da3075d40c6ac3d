import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import { readJsonFile } from './json-file.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

export interface PlatformLock {
  release(): void;
}

const holderSchema = z.object({ pid: z.number().int().positive(), startTime: z.string() });

/**
 * One platform a data directory: two would write one database file. The lock names its holder by pid and start time,
 * so neither a crash nor another process with the same pid keeps it.
 * @throws BatonError `already-running` with the holder's pid.
 */
export function lockPlatform(lockFile: string): PlatformLock {
  const self = identify(process.pid);
  if (!self) throw new Error(`process ${process.pid} cannot find itself`);

  while (!take(lockFile, self)) {
    const holder = readJsonFile(lockFile, holderSchema);
    if (holder && isAlive(holder)) throw alreadyRunning(lockFile, holder);
    removeStale(lockFile);
  }
  return { release: () => rmSync(lockFile, { force: true }) };
}

/** A link is made whole or not at all, unlike a file that is opened and then written. */
function take(lockFile: string, self: ProcessIdentity): boolean {
  const own = `${lockFile}.${self.pid}`;
  writeFileSync(own, JSON.stringify(self), { mode: 0o600 });
  try {
    linkSync(own, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Between our look at the lock and now another start may have replaced it: what was moved away is looked at again. */
function removeStale(lockFile: string): void {
  const aside = `${lockFile}.${process.pid}.stale`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const holder = readJsonFile(aside, holderSchema);
  if (holder && isAlive(holder)) linkSync(aside, lockFile);
  rmSync(aside, { force: true });
}

function alreadyRunning(lockFile: string, { pid }: ProcessIdentity): BatonError {
  return new BatonError(
    'already-running',
    `Baton already runs on this data directory, as process ${pid}. Use it, stop it with \`kill ${pid}\`, ` +
      'or set BATON_DATA_DIR and BATON_PORT for a second one.',
    { details: { pid, lockFile } },
  );
}
