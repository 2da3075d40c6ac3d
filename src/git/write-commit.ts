import { rememberCommit, type Clone } from './clone.js';
import { git } from './git.js';
import { commitMessage, type Trailers } from './message.js';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface CommitFacts {
  readonly message: string;
  readonly trailers: Trailers;
  readonly author: Person;
  /** Date of author and committer, so that the same facts make the same hash. */
  readonly dateMs: number;
}

const COMMITTER: Person = { name: 'Baton', email: 'baton@localhost' };

/** Writes a commit object; no ref is moved. */
export async function writeCommit(
  clone: Pick<Clone, 'gitDir'>,
  tree: string,
  parents: readonly string[],
  { message, trailers, author, dateMs }: CommitFacts,
): Promise<string> {
  const date = `@${Math.floor(dateMs / 1000)} +0000`;
  const commit = await git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
    gitDir: clone.gitDir,
    input: commitMessage(message, trailers),
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: COMMITTER.name,
      GIT_COMMITTER_EMAIL: COMMITTER.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  rememberCommit(clone, commit, { tree, parent: parents[0] });
  return commit;
}
