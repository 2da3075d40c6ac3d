import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { announceRepository, recordFirstHeads } from '../db/pushes.js';
import { findRepository, getRepository, repositoryAt, type Repository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { withoutCredentials } from '../domain/source-address.js';
import { createBareRepository, deleteBareRepository, moveBareRepository } from '../git/bare-repository.js';
import { branchHeads } from '../git/branch-heads.js';
import { importFrom } from '../git/import-repository.js';
import { exclusively } from '../git/keyed-mutex.js';
import { protectBranches } from '../git/protected-branches.js';
import { defaultBranchOf } from './default-branch.js';
import type { Forge, NewRepository } from './forge.js';
import { freePlace } from './free-place.js';
import { importWarnings } from './import-warnings.js';
import { auditRepository } from './repository-audit.js';
import { projectFolder, REMOVED, UNRECORDED } from './repository-places.js';

export const localCreation = (db: Db, dataDirectory: string): Pick<Forge, 'createRepository' | 'importWarnings'> => ({
  createRepository: (repository) => createRepository(db, dataDirectory, repository),
  importWarnings: ({ remoteUrl, defaultBranch }) => importWarnings(remoteUrl, defaultBranch),
});

async function createRepository(db: Db, dataDirectory: string, wanted: NewRepository): Promise<Repository> {
  const { principal, projectId, name, source, defaultBranch } = wanted;
  const inOrganisation = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, principal.organisationId, work);
  const folder = projectFolder(dataDirectory, projectId);
  return exclusively(`create ${projectId}/${name}`, async () => {
    const path = await placeFor(inOrganisation, folder, projectId, name);
    if (source === null) await createBareRepository(path, { defaultBranch: defaultBranch ?? 'main' });
    else await importFrom(path, source, { defaultBranch: defaultBranch ?? null });
    try {
      const chosen = await defaultBranchOf(path);
      await protectBranches(path, [chosen]);
      return await recordRepository(db, path, chosen, wanted);
    } catch (error) {
      // The row may be there all the same, where only the reply of the database was lost.
      if ((await inOrganisation((tx) => repositoryAt(tx, path))) === null) await deleteBareRepository(path);
      throw error;
    }
  });
}

/** Where the files of a new repository go; where one of that name is, its own place. */
async function placeFor(
  inOrganisation: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  folder: string,
  projectId: string,
  name: string,
): Promise<string> {
  const { known, atPlain } = await inOrganisation(async (tx) => ({
    known: await findRepository(tx, projectId, name),
    atPlain: await repositoryAt(tx, join(folder, `${name}.git`)),
  }));
  if (known) return known.remoteUrl;
  // A folder without a row was left by a process that ended between the two; its source may have been another one.
  if (atPlain === null)
    await moveBareRepository(join(folder, `${name}.git`), join(folder, REMOVED, `${UNRECORDED}${randomUUID()}.git`));
  return inOrganisation((tx) => freePlace(tx, folder, name));
}

async function recordRepository(
  db: Db,
  path: string,
  defaultBranch: string,
  { principal, projectId, name, source }: NewRepository,
): Promise<Repository> {
  const heads = await branchHeads(path);
  return withOrganisation(db, principal.organisationId, async (tx) => {
    const made = await tx
      .insertInto('repositories')
      .values({
        organisation_id: principal.organisationId,
        project_id: projectId,
        name,
        forge: 'local',
        remote_url: path,
        source: source === null ? null : withoutCredentials(source),
        default_branch: defaultBranch,
        protected_branches: [defaultBranch],
      })
      .onConflict((conflict) => conflict.columns(['project_id', 'name']).where('removed_at', 'is', null).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!made) {
      const known = await findRepository(tx, projectId, name);
      if (known?.remoteUrl === path) return known;
      throw new BatonError('repository-exists', `There is a repository ${name} already.`);
    }
    await recordFirstHeads(tx, { id: made.id, organisationId: principal.organisationId }, heads);
    await announceRepository(tx);
    const from = source === null ? 'empty' : withoutCredentials(source);
    await auditRepository(tx, principal, 'add', name, { source: from, defaultBranch });
    return getRepository(tx, made.id);
  });
}
