import type { Repository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { resolveCommit } from '../git/clone.js';
import { changedFiles, diff, type ChangedFile } from '../git/diff.js';
import { mergeBase } from '../git/merge-base.js';

export interface Comparison {
  readonly files: readonly ChangedFile[];
  /** Unified text. */
  readonly diff: string;
  /** Whether the text was longer than `maxBytes`. */
  readonly cut: boolean;
}

/** What lies between two published commits. Throws `commit-not-found`. */
export async function compareCommits(
  repository: Pick<Repository, 'name' | 'remoteUrl'>,
  base: string,
  commit: string,
  maxBytes: number,
): Promise<Comparison> {
  const clone = await cloneWith(repository, [base, commit]);
  const text = await diff(clone, base, commit, maxBytes);
  return { files: await changedFiles(clone, base, commit), diff: text, cut: Buffer.byteLength(text) >= maxBytes };
}

/** Where a commit left the line of another: what it changes is since there. Throws `commit-not-found`. */
export async function forkPoint(
  repository: Pick<Repository, 'name' | 'remoteUrl'>,
  base: string,
  commit: string,
): Promise<string> {
  return (await mergeBase(await cloneWith(repository, [base, commit]), base, commit)) ?? base;
}

async function cloneWith({ name, remoteUrl }: Pick<Repository, 'name' | 'remoteUrl'>, commits: readonly string[]) {
  const clone = { gitDir: remoteUrl, remoteUrl };
  for (const commit of commits) {
    if ((await resolveCommit(clone, commit)) === null) {
      throw new BatonError(
        'commit-not-found',
        `The commit ${commit} is not in ${name} any more, or was never published.`,
      );
    }
  }
  return clone;
}
