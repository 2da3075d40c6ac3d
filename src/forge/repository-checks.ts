import { BatonError } from '../domain/errors.js';
import { CHECKS, type RepositoryChecks } from '../domain/preconditions.js';
import type { Clone } from '../git/clone.js';
import { git } from '../git/git.js';
import { readFileAt } from '../git/read-file-at.js';
import { parseRepositoryConfig, REPOSITORY_CONFIG_PATH, type RepositoryConfig } from '../schema/repository-config.js';
import { proposeFor } from './repository-proposal.js';

const MAX_CONFIG_BYTES = 256 * 1024;
const LOCK_FILES = [
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'],
  ...['poetry.lock', 'uv.lock', 'pdm.lock', 'requirements.txt', 'go.sum', 'Cargo.lock'],
];

/**
 * How the default branch of a repository of the embedded forge says that it is set up and checked. Null where that is not
 * known: the branch has no commit, or the repository is not on this machine.
 */
export async function repositoryChecks(remoteUrl: string, defaultBranch: string): Promise<RepositoryChecks | null> {
  const clone = { gitDir: remoteUrl, remoteUrl };
  const ref = `refs/heads/${defaultBranch}`;
  const commit = await git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], clone).catch(() => null);
  if (commit === null || commit === '') return null;
  try {
    return await checksAt(clone, commit.trim());
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    return { commands: [], lockFileWithoutSetUp: null, fault: error.message.replace(/\.$/, '') };
  }
}

async function checksAt(clone: Clone, commit: string): Promise<RepositoryChecks> {
  const config = await configAt(clone, commit);
  const names = (await git(['ls-tree', '--name-only', commit], clone)).split('\n');
  return {
    commands: CHECKS.filter((check) => config[check]),
    lockFileWithoutSetUp: config.setup ? null : (LOCK_FILES.find((name) => names.includes(name)) ?? null),
    fault: null,
  };
}

/** How a commit says that the repository is set up and checked, as an attempt on it will read it. */
async function configAt(clone: Clone, commit: string): Promise<RepositoryConfig> {
  const source = await readFileAt(clone, commit, REPOSITORY_CONFIG_PATH, MAX_CONFIG_BYTES);
  return parseRepositoryConfig(source ?? (await proposeFor(clone, commit)).text);
}
