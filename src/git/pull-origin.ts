import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { withoutCredentials } from '../domain/source-address.js';
import { initialiseBare } from './bare-repository.js';
import { branchHeads } from './branch-heads.js';
import type { Clone } from './clone.js';
import { git, gitFailed, tryGit } from './git.js';
import { copySource, refuseFilters } from './import-repository.js';
import { exclusively } from './keyed-mutex.js';
import { isAncestor } from './push.js';
import { withTemporaryFolder } from './temporary-folder.js';

/** A branch that was moved forward. */
export interface PulledBranch {
  readonly branch: string;
  /** Null: the branch is new. */
  readonly before: string | null;
  readonly after: string;
}

/** What a pull did, by branches. Those that the origin lacks, or that are equal, are left out. */
export interface Pull {
  readonly updated: readonly PulledBranch[];
  /** Baton has commits there that the origin lacks. */
  readonly ahead: readonly string[];
  /** Each side has commits that the other lacks; they stay as they are. */
  readonly diverged: readonly string[];
  /** New branches whose name git cannot keep beside one that is there, such as `a/b` beside `a`. */
  readonly clashing: readonly string[];
  readonly newTags: readonly string[];
}

const BRANCHES = 'refs/heads/';
const TAGS = 'refs/tags/';
const FETCH_MS = 600_000;

/**
 * Brings newer commits of another repository to a bare one: its branches by fast-forward, and its new branches and tags.
 * All refs move together or none does. What the origin sends is looked at in a temporary repository first, so that
 * a refused or broken pull leaves nothing behind.
 *
 * @throws BatonError `pull-diverged` where the default branch cannot be fast-forwarded, `branch-moved`, `ref-locked`, and
 * what the import of a source throws.
 */
export async function pullFrom(gitDir: string, source: string, defaultBranch: string): Promise<Pull> {
  return exclusively(`pull ${gitDir}`, () =>
    withTemporaryFolder(gitDir, 'pulling', async (temporary) => {
      await initialiseBare(temporary, defaultBranch);
      await writeFile(join(temporary, 'objects/info/alternates'), `${join(gitDir, 'objects')}\n`);
      await copySource(source, temporary);
      const pull = await compare(gitDir, temporary);
      if (pull.diverged.includes(defaultBranch)) throw diverged(gitDir, source, defaultBranch);
      if (pull.updated.some(({ branch }) => branch === defaultBranch))
        await refuseFilters(source, temporary, `${BRANCHES}${defaultBranch}`);
      await takeOver(gitDir, temporary, pull);
      return pull;
    }),
  );
}

async function compare(gitDir: string, temporary: string): Promise<Pull> {
  const [ours, theirs] = [await branchHeads(gitDir), await branchHeads(temporary)];
  const found = {
    updated: [] as PulledBranch[],
    ahead: [] as string[],
    diverged: [] as string[],
    clashing: [] as string[],
  };
  // Its alternates give it the objects of both.
  const both: Clone = { gitDir: temporary, remoteUrl: gitDir };
  for (const [branch, after] of theirs) {
    const before = ours.get(branch) ?? null;
    if (before === after) continue;
    if (before === null) {
      const isClashing = [...ours.keys()].some((own) => own.startsWith(`${branch}/`) || branch.startsWith(`${own}/`));
      if (isClashing) found.clashing.push(branch);
      else found.updated.push({ branch, before, after });
    } else if (await isAncestor(both, before, after)) found.updated.push({ branch, before, after });
    else if (await isAncestor(both, after, before)) found.ahead.push(branch);
    else found.diverged.push(branch);
  }
  const known = new Set(await tagsOf(gitDir));
  return { ...found, newTags: (await tagsOf(temporary)).filter((tag) => !known.has(tag)) };
}

const tagsOf = async (gitDir: string): Promise<string[]> =>
  (await git(['for-each-ref', '--format=%(refname)', TAGS], { gitDir }))
    .split('\n')
    .filter((ref) => ref !== '')
    .map((ref) => ref.slice(TAGS.length));

/** Without force: a branch that a merge has moved meanwhile is refused by git itself. */
async function takeOver(gitDir: string, temporary: string, { updated, newTags }: Pull): Promise<void> {
  const refs = [...updated.map(({ branch }) => `${BRANCHES}${branch}`), ...newTags.map((tag) => `${TAGS}${tag}`)];
  if (refs.length === 0) return;
  const args = ['fetch', '--quiet', '--atomic', '--no-tags', '--no-write-fetch-head', '--stdin', '--', temporary];
  const input = refs.map((ref) => `${ref}:${ref}\n`).join('');
  const result = await exclusively(gitDir, () => tryGit(args, { gitDir, input, timeoutMs: FETCH_MS }));
  if (result.exitCode === 0) return;
  const [, lock] = /Unable to create '([^']+\.lock)': File exists/.exec(result.tail) ?? [];
  if (lock !== undefined)
    throw new BatonError(
      'ref-locked',
      `Nothing was changed: ${lock} exists. Another git process is at work there, or was killed. ` +
        'Try again in a moment; where it stays, delete that file.',
      { retryable: true },
    );
  if (/\[rejected\]|non-fast-forward|cannot lock ref/.test(result.tail))
    throw new BatonError('branch-moved', 'Nothing was changed: a branch has moved meanwhile. Pull again.', {
      retryable: true,
    });
  throw gitFailed(args, result);
}

const diverged = (gitDir: string, source: string, branch: string): BatonError =>
  new BatonError(
    'pull-diverged',
    `Nothing was changed: ${branch} of ${withoutCredentials(source)} and ${branch} of Baton's import have diverged, each ` +
      'has commits that the other lacks. In a clone of the origin merge the two: ' +
      `git pull --no-rebase ${gitDir} ${branch}. Bring the result to ${branch} of the origin, then pull again.`,
    { details: { branch } },
  );
