import { BATON, type CommitIdentity } from '../domain/commit-identity.js';
import { BatonError } from '../domain/errors.js';
import { rememberCommit, type Clone } from './clone.js';
import { git, type GitOptions } from './git.js';
import { commitMessage, type Trailers } from './message.js';
import { withSigningKey, type SigningKey } from './signing-key.js';

export interface CommitFacts {
  readonly message: string;
  readonly trailers: Trailers;
  readonly author: CommitIdentity;
  /** Left out: Baton. */
  readonly committer?: CommitIdentity;
  /** Date of author and committer, so that the same facts make the same hash. */
  readonly dateMs: number;
  /** Where the author's date is another one. */
  readonly authoredMs?: number;
  /** Left out: the commit is not signed. */
  readonly signingKey?: SigningKey;
}

const dateOf = (ms: number): string => `@${Math.floor(ms / 1000)} +0000`;

/**
 * Writes a commit object; no ref is moved.
 * @throws BatonError `signing-failed`.
 */
export async function writeCommit(
  clone: Pick<Clone, 'gitDir'>,
  tree: string,
  parents: readonly string[],
  { message, trailers, author, committer = BATON, dateMs, authoredMs = dateMs, signingKey }: CommitFacts,
): Promise<string> {
  const date = dateOf(dateMs);
  const args = [tree, ...parents.flatMap((parent) => ['-p', parent])];
  const options: GitOptions = {
    gitDir: clone.gitDir,
    input: commitMessage(message, trailers),
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: dateOf(authoredMs),
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date,
    },
  };
  const commit = signingKey
    ? await writeSigned(args, options, signingKey)
    : await git(['commit-tree', ...args], options);
  rememberCommit(clone, commit, { tree, parent: parents[0] });
  return commit;
}

async function writeSigned(args: readonly string[], options: GitOptions, key: SigningKey): Promise<string> {
  try {
    return await withSigningKey(key, (env) =>
      git(['commit-tree', '-S', ...args], { ...options, env: { ...options.env, ...env } }),
    );
  } catch (error) {
    throw new BatonError(
      'signing-failed',
      'Nothing was merged: the commit could not be signed. Check on the worker that ssh-keygen (OpenSSH 8.2 or newer) is on its PATH, and that its user has an entry in /etc/passwd.',
      { cause: error },
    );
  }
}
