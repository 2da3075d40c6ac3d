import picomatch from 'picomatch';
import { BatonError } from '../domain/errors.js';
import type { Clone } from './clone.js';
import { mergeBase } from './merge-base.js';
import { push } from './push.js';
import { rebaseRange } from './rebase.js';

export type Publication =
  | { readonly kind: 'published'; readonly commit: string }
  /** The branch went on: `rebased` is the same change on its new head, not pushed yet. */
  | { readonly kind: 'moved'; readonly rebased: string }
  /** `head`: of the branch. */
  | { readonly kind: 'conflict'; readonly files: readonly string[]; readonly head: string };

/** Whether one of the names or glob patterns (`release/*`) is the branch's. */
export const isProtectedBranch = (protectedBranches: readonly string[], branch: string): boolean =>
  protectedBranches.some((pattern) => pattern === branch || picomatch.isMatch(branch, pattern, { dot: true }));

/**
 * Pushes a commit to a branch of the remote, made if it is not there.
 *
 * @param protectedBranches names or glob patterns (`release/*`) of the branches that only a merge may change.
 * @throws BatonError `protected-branch`.
 */
export async function publishToBranch(
  clone: Clone,
  commit: string,
  branch: string,
  { protectedBranches }: { readonly protectedBranches: readonly string[] },
): Promise<Publication> {
  if (isProtectedBranch(protectedBranches, branch)) {
    throw new BatonError('protected-branch', `${branch} is protected: open a pull request, its merge changes it.`, {
      details: { branch, protectedBranches },
    });
  }
  const pushed = await push(clone, commit, `refs/heads/${branch}`);
  if (pushed.kind === 'pushed') return { kind: 'published', commit };

  const base = await mergeBase(clone, commit, pushed.head);
  if (base === null) {
    throw new BatonError('unrelated-histories', `${branch} shares no commit with ${commit}: choose another branch.`, {
      details: { branch, commit },
    });
  }
  const rebase = await rebaseRange(clone, base, commit, pushed.head);
  return rebase.kind === 'rebased' ? { kind: 'moved', rebased: rebase.commit } : { ...rebase, head: pushed.head };
}

/**
 * Pushes a commit to a ref that is no branch, such as `refs/baton/wip/…`. The clone gets the ref as well: a worktree
 * that stands on the commit is seen to hold nothing that is not kept.
 *
 * @throws BatonError `not-for-branches`, or `push-rejected` when the ref holds what the commit does not.
 */
export async function pushRef(clone: Clone, commit: string, ref: string): Promise<void> {
  if (!/^refs\/(?!heads\/)/.test(ref)) {
    throw new BatonError('not-for-branches', `${ref} is a branch: publish to it, so that its protection is asked.`, {
      details: { ref },
    });
  }
  const pushed = await push(clone, commit, ref, { mirrored: true });
  if (pushed.kind === 'pushed') return;
  throw new BatonError('push-rejected', `${ref} went on to ${pushed.head}: build on that and push again.`, {
    details: { ref, commit, head: pushed.head },
  });
}
