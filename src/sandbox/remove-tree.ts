import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Removes a folder with all that is in it, whatever modes an agent gave it: unless Baton is root it may empty only what
 * is writable (Go's module cache is not). Nothing there: nothing to do.
 */
export async function removeTree(path: string): Promise<void> {
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    await remove();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    // `-R` walks through no link. What it could not do shows in the second try.
    await promisify(execFile)('/usr/bin/env', ['chmod', '-R', 'u+rwX', '--', path]).catch(() => undefined);
    await remove();
  }
}
