import { BatonError } from '../domain/errors.js';
import { treeOf, type Clone } from './clone.js';
import { changedFiles } from './diff.js';
import { git } from './git.js';
import { findNestedRepositories } from './nested-repositories.js';
import { refuseSecrets, type HoldsSecret } from './refuse-secrets.js';
import { readTrailers } from './trailers.js';
import { worktreeGit, type Worktree } from './worktree.js';
import { writeCommit, type CommitFacts } from './write-commit.js';

export interface WorktreeCommit extends CommitFacts {
  /** Default: what the worktree stands on. */
  readonly parent?: string;
  /** What may not be in it; left out: nothing is looked for. */
  readonly holdsSecret?: HoldsSecret;
}

/** What was kept of a worktree; `unchanged`: it is as its parent. */
export type Snapshot = { readonly kind: 'committed'; readonly commit: string } | { readonly kind: 'unchanged' };

export type CommitOutcome =
  { readonly kind: 'committed'; readonly commit: string; readonly files: number } | { readonly kind: 'unchanged' };

/**
 * Commits all that a worktree holds and `.gitignore` does not leave out. Called again after a crash it gives the same
 * commit, as the dates are the caller's.
 *
 * @throws BatonError `nested-repository` when an agent made a repository inside, `secret-in-change`.
 */
export async function commitWorktree(clone: Clone, worktree: Worktree, facts: WorktreeCommit): Promise<CommitOutcome> {
  const options = worktreeGit(clone, worktree);
  const parent = facts.parent ?? (await git(['rev-parse', 'HEAD'], options));
  const made = await snapshotWorktree(clone, worktree, { ...facts, parent });
  if (made.kind === 'unchanged')
    return facts.parent === undefined && (await isOwnWork(clone, parent, facts))
      ? committed(clone, parent, `${parent}^`)
      : made;
  await git(['update-ref', '--no-deref', 'HEAD', made.commit], options);
  return committed(clone, made.commit, parent);
}

/**
 * As `commitWorktree`, but the worktree does not come to stand on it: what is kept so is nobody's result.
 *
 * @throws BatonError `nested-repository`, `secret-in-change`.
 */
export async function snapshotWorktree(
  clone: Clone,
  worktree: Worktree,
  facts: WorktreeCommit & { readonly parent: string },
): Promise<Snapshot> {
  await refuseNestedRepositories(clone, worktree);
  const options = worktreeGit(clone, worktree);
  await git(['add', '--all'], options);
  if (facts.holdsSecret) await refuseSecrets(clone, options, facts.parent, facts.holdsSecret);
  const tree = await git(['write-tree'], options);
  if (tree === (await treeOf(clone, facts.parent))) return { kind: 'unchanged' };
  return { kind: 'committed', commit: await writeCommit(clone, tree, [facts.parent], facts) };
}

// An earlier call may have moved HEAD and crashed before it could say so.
async function isOwnWork(clone: Clone, head: string, { trailers }: CommitFacts): Promise<boolean> {
  const wanted = Object.entries(trailers);
  if (wanted.length === 0) return false;
  const found = await readTrailers(clone, head);
  return wanted.every(([key, value]) => found[key] === value);
}

async function committed(clone: Clone, commit: string, parent: string): Promise<CommitOutcome> {
  return { kind: 'committed', commit, files: (await changedFiles(clone, parent, commit)).length };
}

async function refuseNestedRepositories(clone: Clone, worktree: Worktree): Promise<void> {
  const paths = await findNestedRepositories(clone, worktree);
  if (paths.length === 0) return;
  throw new BatonError(
    'nested-repository',
    `The worktree holds other repositories (${paths.slice(0, 5).join(', ')}): delete their .git so that plain files are left.`,
    { details: { paths } },
  );
}
