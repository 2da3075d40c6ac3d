import { withOrganisation, type Db } from '../db/connection.js';
import { getRepository, type Repository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { commitFile } from '../git/commit-file.js';
import { readFileAt } from '../git/read-file-at.js';
import { parseRepositoryConfig, REPOSITORY_CONFIG_PATH } from '../schema/repository-config.js';
import type { Forge, NewConfiguration, PlacedConfiguration } from './forge.js';
import { headOfDefaultBranch } from './default-branch.js';
import { auditRepository } from './repository-audit.js';

const MAX_CONFIG_BYTES = 256 * 1024;

export const localConfiguration = (db: Db): Pick<Forge, 'placeConfiguration'> => ({
  placeConfiguration: (wanted) => placeConfiguration(db, wanted),
});

/**
 * The import belongs to Baton, so the file is committed to its default branch at once. The commit comes first and its
 * audit row second: asked again after a crash in between, the file is found as it should be, and the row is written.
 */
async function placeConfiguration(
  db: Db,
  { principal, repositoryId, text, replace }: NewConfiguration,
): Promise<PlacedConfiguration> {
  parseRepositoryConfig(text);
  const { organisationId, handle } = principal;
  const repository = await withOrganisation(db, organisationId, (tx) => getRepository(tx, repositoryId));
  const { commit, replaced } = await commitConfiguration(repository, text, replace, handle);
  const { name, defaultBranch: branch } = repository;
  await withOrganisation(db, organisationId, (tx) =>
    auditRepository(tx, principal, 'configure', name, { branch, commit, replaced }),
  );
  return { kind: 'committed', branch, commit };
}

async function commitConfiguration(repository: Repository, text: string, replace: boolean, handle: string) {
  const { name, remoteUrl: gitDir, defaultBranch: branch } = repository;
  const parent = await headOfDefaultBranch(repository);
  const present = await existingConfiguration(repository, parent);
  if (present === text) return { commit: parent, replaced: false };
  if (present !== null && !replace)
    throw new BatonError(
      'file-exists',
      `${name} has a ${REPOSITORY_CONFIG_PATH} on ${branch} already: ask for it to be replaced, or change it there.`,
    );
  const commit = await commitFile(gitDir, {
    branch,
    parent,
    path: REPOSITORY_CONFIG_PATH,
    text,
    message: `${present === null ? 'Add' : 'Change'} ${REPOSITORY_CONFIG_PATH}`,
    trailers: {},
    author: { name: handle, email: `${handle}@localhost` },
    dateMs: Date.now(),
  });
  return { commit, replaced: present !== null };
}

/** The configuration that a commit has; null where it has none. */
export async function existingConfiguration(
  { remoteUrl: gitDir }: Pick<Repository, 'remoteUrl'>,
  commit: string,
): Promise<string | null> {
  return readFileAt({ gitDir, remoteUrl: gitDir }, commit, REPOSITORY_CONFIG_PATH, MAX_CONFIG_BYTES);
}
