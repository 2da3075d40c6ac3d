import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isReferenced, resolveCommit, type Clone } from './clone.js';
import { git } from './git.js';
import { findNestedRepositories } from './nested-repositories.js';
import { adminDir, listWorktrees, removeWorktree, worktreeGit, type Worktree } from './worktree.js';

export interface Reconciliation {
  readonly removed: readonly Worktree[];
  readonly kept: readonly (Worktree & { readonly reason: 'dirty' | 'unpushed' })[];
}

/** Removes worktrees that nobody knows any more. What is dirty or not reachable from a ref is kept and reported. */
export async function reconcileWorktrees(clone: Clone, known: ReadonlySet<string>): Promise<Reconciliation> {
  const removed: Worktree[] = [];
  const kept: (Worktree & { reason: 'dirty' | 'unpushed' })[] = [];
  for (const worktree of await listWorktrees(clone)) {
    if (known.has(worktree.name)) continue;
    const reason = (await isUnpushed(clone, worktree)) ? 'unpushed' : (await isDirty(clone, worktree)) ? 'dirty' : null;
    if (reason) {
      kept.push({ ...worktree, reason });
    } else {
      await removeWorktree(clone, worktree);
      removed.push(worktree);
    }
  }
  return { removed, kept };
}

async function isUnpushed(clone: Clone, worktree: Worktree): Promise<boolean> {
  const gitDir = adminDir(clone, worktree);
  const head = await resolveCommit({ ...clone, gitDir }, 'HEAD');
  return !head || !(await isReferenced(clone, head));
}

async function isDirty(clone: Clone, worktree: Worktree): Promise<boolean> {
  // No index: its checkout never ended, nobody ever worked there. No folder: nothing to lose.
  if (!existsSync(worktree.path) || !existsSync(join(adminDir(clone, worktree), 'index'))) return false;
  if ((await findNestedRepositories(clone, worktree)).length > 0) return true;
  return (await git(['status', '--porcelain', '--ignore-submodules=all'], worktreeGit(clone, worktree))) !== '';
}
