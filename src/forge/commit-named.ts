import type { Repository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { resolveCommit } from '../git/clone.js';

/** The hash of a commit by what people call it in a repository. Throws `commit-not-found`. */
export async function commitNamed(
  { name, remoteUrl, defaultBranch }: Pick<Repository, 'name' | 'remoteUrl' | 'defaultBranch'>,
  reference: string,
): Promise<string> {
  const commit = await resolveCommit({ gitDir: remoteUrl, remoteUrl }, reference);
  if (commit !== null) return commit;
  throw new BatonError(
    'commit-not-found',
    `${name} has no branch, tag or commit ${reference}; its default branch is ${defaultBranch}.`,
  );
}
