import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BATON } from '../domain/commit-identity.js';
import { isReferenced, resolveCommit, type Clone } from '../git/clone.js';
import { snapshotWorktree } from '../git/commit.js';
import { git } from '../git/git.js';
import { adminDir, listWorktrees, worktreeGit, type Worktree } from '../git/worktree.js';
import type { ActivityDeps } from './deps.js';

/** Where the work that was found in a worktree is kept, one ref each time. */
export const rescuedRefs = (name: string): string => `refs/baton/rescued/${name}`;

/**
 * Keeps what an execution that did not end left in a worktree: the tree as a commit, or, where that cannot be, as a
 * folder; and the commit that it stands on, where nothing else leads to that.
 */
export async function rescue(deps: ActivityDeps, clone: Clone, name: string): Promise<void> {
  const left = (await listWorktrees(clone)).find((worktree) => worktree.name === name);
  if (!left) return;
  const dateMs = Date.now();
  let commit = await resolveCommit({ ...clone, gitDir: adminDir(clone, left) }, 'HEAD');
  if (existsSync(left.path)) {
    try {
      const saved = await snapshotWorktree(clone, left, {
        message: 'Left by an attempt that did not end',
        trailers: {},
        author: BATON,
        dateMs,
        parent: await git(['rev-parse', 'HEAD'], worktreeGit(clone, left)),
        holdsSecret: deps.redactor.holds,
      });
      commit = saved.commit ?? commit;
      const { leftOut } = saved;
      if (leftOut.length > 0)
        deps.log.warn({ name, leftOut }, 'what holds a secret is not kept of what an attempt left');
    } catch (error) {
      await setAside(deps, left, error);
    }
  }
  if (commit !== null && !(await isReferenced(clone, commit)))
    await git(['update-ref', `${rescuedRefs(name)}/${dateMs}`, commit], { gitDir: clone.gitDir });
}

/** Keeps a tree that cannot be committed, as a folder on this host. Gives its path. */
export async function setAside(deps: ActivityDeps, worktree: Worktree, why: unknown): Promise<string> {
  const folder = join(deps.hostDirectory, 'rescued');
  const kept = join(folder, `${basename(worktree.path)}-${Date.now()}`);
  await mkdir(folder, { recursive: true });
  await rename(worktree.path, kept);
  deps.log.warn({ err: why, kept }, 'a worktree could not be committed; it is kept as a folder');
  return kept;
}
