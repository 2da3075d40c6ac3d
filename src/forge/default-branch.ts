import { BatonError } from '../domain/errors.js';
import type { Repository } from '../db/repositories.js';
import { branchHeads } from '../git/branch-heads.js';
import { git } from '../git/git.js';

const BRANCHES = 'refs/heads/';

/** The branch that a bare repository's HEAD names. */
export async function defaultBranchOf(gitDir: string): Promise<string> {
  const ref = (await git(['symbolic-ref', 'HEAD'], { gitDir })).trim();
  // Not `--short`: that gives `heads/main` where a tag is called `main` too.
  const branch = ref.startsWith(BRANCHES) ? ref.slice(BRANCHES.length) : '';
  if (branch === '')
    throw new BatonError(
      'no-default-branch',
      `The repository at ${gitDir} has no default branch; check one out there and add it again.`,
    );
  return branch;
}

/** The commit that the default branch of an embedded repository stands at. Throws `empty-repository`. */
export async function headOfDefaultBranch({
  name,
  remoteUrl,
  defaultBranch,
}: Pick<Repository, 'name' | 'remoteUrl' | 'defaultBranch'>): Promise<string> {
  const head = (await branchHeads(remoteUrl)).get(defaultBranch);
  if (head !== undefined) return head;
  throw new BatonError(
    'empty-repository',
    `The repository ${name} has no branch ${defaultBranch}; push a first commit to it.`,
  );
}
