import { BatonError } from '../domain/errors.js';
import { treeOf, type Clone } from './clone.js';
import { changedFiles } from './diff.js';
import { git } from './git.js';
import { keepLineEnds } from './keep-line-ends.js';
import { findNestedRepositories } from './nested-repositories.js';
import { leaveOutSecrets, secretInChange, type HoldsSecret } from './leave-out-secrets.js';
import { leaveOutSetUp } from './set-up-files.js';
import { readTrailers } from './trailers.js';
import { refuseUnfilteredContent } from './unfiltered-content.js';
import { standOn, worktreeGit, type Worktree } from './worktree.js';
import { writeCommit, type CommitFacts } from './write-commit.js';

export interface WorktreeCommit extends CommitFacts {
  /** Default: what the worktree stands on. */
  readonly parent?: string;
  /** Its second parent, where it merges; left out: none. */
  readonly merges?: string;
  /** What may not be in it; left out, or null: nothing is looked for. */
  readonly holdsSecret?: HoldsSecret | null;
}

/** What was kept of a worktree. */
export interface Snapshot {
  /** Null: it is as its parent. */
  readonly commit: string | null;
  /** Files with a secret: they are as the parent has them. */
  readonly leftOut: readonly string[];
}

export type CommitOutcome =
  { readonly kind: 'committed'; readonly commit: string; readonly files: number } | { readonly kind: 'unchanged' };

/**
 * Commits all that a worktree holds and `.gitignore` does not leave out. Called again after a crash it gives the same
 * commit, as the dates are the caller's.
 *
 * @throws BatonError `nested-repository` when an agent made a repository inside, `secret-in-change`, `unfiltered-content`.
 */
export async function commitWorktree(clone: Clone, worktree: Worktree, facts: WorktreeCommit): Promise<CommitOutcome> {
  const options = worktreeGit(clone, worktree);
  const parent = facts.parent ?? (await git(['rev-parse', 'HEAD'], options));
  const { commit, leftOut } = await snapshotWorktree(clone, worktree, { ...facts, parent });
  if (leftOut.length > 0) throw secretInChange(leftOut);
  if (commit !== null) await refuseUnfilteredContent(options, parent);
  if (commit === null)
    return facts.parent === undefined && (await isOwnWork(clone, parent, facts))
      ? committed(clone, parent, `${parent}^`)
      : { kind: 'unchanged' };
  await standOn(clone, worktree, commit);
  return committed(clone, commit, parent);
}

/**
 * As `commitWorktree`, but the worktree does not come to stand on it: what is kept so is nobody's result. Files with a secret
 * are left out of it.
 *
 * @throws BatonError `nested-repository`.
 */
export async function snapshotWorktree(
  clone: Clone,
  worktree: Worktree,
  facts: WorktreeCommit & { readonly parent: string },
): Promise<Snapshot> {
  await refuseNestedRepositories(clone, worktree);
  const options = worktreeGit(clone, worktree);
  await git(['add', '--all'], options);
  await leaveOutSetUp(clone, worktree);
  const { parent, merges, holdsSecret } = facts;
  const parents = merges === undefined ? [parent] : [parent, merges];
  const leaveOut = () => (holdsSecret ? leaveOutSecrets(clone, options, parent, holdsSecret) : []);
  // Before line ends are kept: a secret is then never written a second time.
  const found = await leaveOut();
  const leftOut = (await keepLineEnds(options, parent)) ? [...found, ...(await leaveOut())] : found;
  const tree = await git(['write-tree'], options);
  const isUnchanged = tree === (await treeOf(clone, parent));
  return { commit: isUnchanged ? null : await writeCommit(clone, tree, parents, facts), leftOut };
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
