import type { Clone } from './clone.js';
import { push } from './push.js';

/**
 * The only door to a protected branch, for the merge that people approved. Fast-forward only; `moved` when the branch
 * holds what the commit was not made on.
 */
export async function pushProtected(clone: Clone, commit: string, branch: string): Promise<'pushed' | 'moved'> {
  return (await push(clone, commit, `refs/heads/${branch}`)).kind;
}
