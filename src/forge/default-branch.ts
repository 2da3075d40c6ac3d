import { BatonError } from '../domain/errors.js';
import { git } from '../git/git.js';

/** The branch that a bare repository's HEAD names. */
export async function defaultBranchOf(gitDir: string): Promise<string> {
  const branch = (await git(['symbolic-ref', '--short', 'HEAD'], { gitDir })).trim();
  if (branch === '')
    throw new BatonError(
      'no-default-branch',
      `The repository at ${gitDir} has no default branch; check one out there and add it again.`,
    );
  return branch;
}
