import { lstat } from 'node:fs/promises';
import { runHelper } from './run-helper.js';

/**
 * Removes a folder with all that is in it, whatever modes an agent gave it: unless Baton is root it may empty only what
 * is writable (Go's module cache is not). Nothing there: nothing to do. A process of its own does it: ten thousand files
 * would keep this one from its other work.
 */
export async function removeTree(path: string): Promise<void> {
  if (await isMissing(path)) return;
  await runHelper('rm', '-rf', '--', path).catch(async () => {
    // `-R` walks through no link. What it could not do shows in the second try.
    await runHelper('chmod', '-R', 'u+rwX', '--', path).catch(() => undefined);
    await runHelper('rm', '-rf', '--', path);
  });
}

const isMissing = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => false,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
      throw error;
    },
  );
