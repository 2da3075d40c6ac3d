import { runHelper } from './run-helper.js';

/**
 * Gives folders with all that is in them to another uid. `-h` changes a link itself, `-R` never walks through one:
 * an agent may have left links to anywhere.
 */
export async function giveTo(uid: number, gid: number, paths: readonly string[]): Promise<void> {
  await runHelper('chown', '-hR', `${uid}:${gid}`, '--', ...paths);
}

/** How many sandboxes at work a folder is given to. */
const uses = new Map<string, number>();

/**
 * Gives folders to a uid while something runs, and those of `back` back to root afterwards. Where several run on one
 * folder at once, the first gives it and the last gives it back.
 */
export async function whileOwnedBy<T>(
  uid: number,
  paths: readonly string[],
  back: readonly string[],
  run: () => Promise<T>,
): Promise<T> {
  const fresh = paths.filter((path) => !uses.has(path));
  for (const path of paths) uses.set(path, (uses.get(path) ?? 0) + 1);
  try {
    if (fresh.length > 0) await giveTo(uid, uid, fresh);
    return await run();
  } finally {
    const free = paths.filter((path) => leave(path)).filter((path) => back.includes(path));
    if (free.length > 0) await giveTo(0, 0, free);
  }
}

/** Whether nobody else uses it any more. */
function leave(path: string): boolean {
  const left = uses.get(path)! - 1;
  if (left > 0) uses.set(path, left);
  else uses.delete(path);
  return left === 0;
}
