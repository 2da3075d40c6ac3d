import type { Clone } from './clone.js';
import { gitFailed, tryGit } from './git.js';
import { remembered } from './remembered.js';

/** The best common ancestor of two commits, null when they share none. */
export async function mergeBase(clone: Clone, one: string, other: string): Promise<string | null> {
  if (one === other) return one;
  return remembered(clone, 'merge base', [one, other], async () => {
    const args = ['merge-base', one, other];
    const result = await tryGit(args, { gitDir: clone.gitDir });
    if (result.exitCode === 0) return result.stdout.trim();
    if (result.exitCode === 1) return null;
    throw gitFailed(args, result);
  });
}
