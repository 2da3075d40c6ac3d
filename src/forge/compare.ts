import type { Repository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { resolveCommit } from '../git/clone.js';
import { changedFiles, diff, type ChangedFile } from '../git/diff.js';

export interface Comparison {
  readonly files: readonly ChangedFile[];
  /** Unified text. */
  readonly diff: string;
  /** Whether the text was longer than `maxBytes`. */
  readonly cut: boolean;
}

/** What lies between two published commits. Throws `commit-not-found`. */
export async function compareCommits(
  { name, remoteUrl }: Pick<Repository, 'name' | 'remoteUrl'>,
  base: string,
  commit: string,
  maxBytes: number,
): Promise<Comparison> {
  const clone = { gitDir: remoteUrl, remoteUrl };
  for (const end of [base, commit]) {
    if ((await resolveCommit(clone, end)) === null) {
      throw new BatonError('commit-not-found', `The commit ${end} is not in ${name} any more, or was never published.`);
    }
  }
  const text = await diff(clone, base, commit, maxBytes);
  return { files: await changedFiles(clone, base, commit), diff: text, cut: Buffer.byteLength(text) >= maxBytes };
}
