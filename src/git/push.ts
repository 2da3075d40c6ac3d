import { freeBranchName } from '../domain/branch-name.js';
import { BatonError } from '../domain/errors.js';
import { resolveCommit, type Clone } from './clone.js';
import { git, gitFailed, tryGit } from './git.js';
import { forgetHeads } from './heads.js';
import { exclusively } from './keyed-mutex.js';
import { OWN_PUSH } from './protected-branches.js';
import { isRefName } from './ref-name.js';

const PUSH_MS = 600_000;

// The remote's ref went on in the meantime; anything else that it refuses is a refusal.
const MOVED = /\[rejected\]|fetch first|non-fast-forward|cannot lock ref|failed to update ref|stale info/;

/** `moved`: the remote's ref holds what `commit` does not; `head` is what it is at now. */
export type Push = { readonly kind: 'pushed' } | { readonly kind: 'moved'; readonly head: string };

/**
 * Pushes without any force flag. A push that was refused although the remote has the commit (an earlier one landed and
 * the answer was lost) counts as done. For this folder only: outside, `publishToBranch`, `pushRef` and `pushProtected`.
 *
 * @param mirrored has the clone have the ref too, as soon as the remote has it.
 * @throws BatonError `branch-clash` when the remote has a branch beside which this one cannot exist, `push-refused` when
 * its own rules refuse the push, `git-failed` otherwise.
 */
export async function push(
  clone: Clone,
  commit: string,
  ref: string,
  { mirrored = false }: { readonly mirrored?: boolean } = {},
): Promise<Push> {
  const { gitDir } = clone;
  if (!isRefName(ref)) throw new BatonError('bad-ref', `"${ref}" cannot name a ref of git.`, { details: { ref } });
  // What a remote's ref is tracked by is brought along by git itself.
  const tracked = mirrored ? ['-c', `remote.origin.fetch=+${ref}:${ref}`] : [];
  const args = [
    ...tracked,
    'push',
    '--porcelain',
    '--no-verify',
    '--no-recurse-submodules',
    'origin',
    `${commit}:${ref}`,
  ];
  const result = await exclusively(gitDir, () => tryGit(args, { gitDir, env: OWN_PUSH, timeoutMs: PUSH_MS })).finally(
    () => forgetHeads(gitDir),
  );
  if (result.exitCode === 0) return { kind: 'pushed' };
  if (!result.stdout.includes('\n!\t')) throw gitFailed(args, result);

  const head = await fetchRef(clone, ref);
  if (head !== null && (await isAncestor(clone, commit, head))) {
    if (mirrored) await git(['update-ref', ref, commit], { gitDir });
    return { kind: 'pushed' };
  }
  if (head !== null && MOVED.test(result.tail)) return { kind: 'moved', head };
  if (head === null) await refuseClash(clone, ref);
  throw new BatonError('push-refused', `The remote refused ${ref}: ${result.tail.trim()}`, {
    details: { commit, ref },
  });
}

const BRANCHES = 'refs/heads/';

/** Names the branch that keeps a new one from being made: git's own words tell of files. */
async function refuseClash({ gitDir }: Clone, ref: string): Promise<void> {
  if (!ref.startsWith(BRANCHES)) return;
  const branch = ref.slice(BRANCHES.length);
  const lines = (await git(['ls-remote', '--heads', 'origin'], { gitDir })).split('\n');
  const names = lines.map((line) => line.slice(line.indexOf('\t') + 1 + BRANCHES.length));
  const { clash } = freeBranchName(branch, names, { isOwn: true });
  if (clash === null) return;
  throw new BatonError(
    'branch-clash',
    `The branch ${branch} cannot exist beside the branch ${clash}: rename or delete ${clash}, then rerun from this step.`,
    { details: { branch, clash } },
  );
}

/** Whether `descendant` holds all of `commit`. */
export async function isAncestor({ gitDir }: Clone, commit: string, descendant: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', commit, descendant];
  const result = await tryGit(args, { gitDir });
  if (result.exitCode === null || result.exitCode > 1) throw gitFailed(args, result);
  return result.exitCode === 0;
}

/** The commit that the remote has at a ref, fetched; null where it has none. */
export async function fetchRef(clone: Clone, ref: string): Promise<string | null> {
  const { gitDir } = clone;
  if ((await git(['ls-remote', 'origin', ref], { gitDir })) === '') return null;
  const local = ref.replace(/^refs\/(heads\/)?/, (prefix) =>
    prefix === 'refs/heads/' ? 'refs/remotes/origin/' : 'refs/baton/fetched/',
  );
  const args = ['fetch', '--quiet', '--no-write-fetch-head', 'origin', `+${ref}:${local}`];
  await exclusively(gitDir, () => git(args, { gitDir, timeoutMs: PUSH_MS })).finally(() => forgetHeads(gitDir));
  return resolveCommit(clone, local);
}
