import type { Clone } from './clone.js';
import { gitFailed, tryGit } from './git.js';

export type TreeMerge =
  | { readonly kind: 'merged'; readonly tree: string }
  /** The files of `tree` hold both sides, with conflict markers. */
  | { readonly kind: 'conflict'; readonly tree: string; readonly files: readonly string[] };

/** Merges two commits on their merge base, without a worktree. */
export async function mergeTrees({ gitDir }: Clone, ours: string, theirs: string): Promise<TreeMerge> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs];
  const result = await tryGit(args, { gitDir });
  if (result.exitCode !== 0 && result.exitCode !== 1) throw gitFailed(args, result);
  const [tree = '', ...files] = result.stdout.split('\0').filter((part) => part.trim() !== '');
  return result.exitCode === 0 ? { kind: 'merged', tree: tree.trim() } : { kind: 'conflict', tree: tree.trim(), files };
}
