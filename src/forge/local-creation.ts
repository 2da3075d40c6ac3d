import { join } from 'node:path';
import { appendAudit } from '../db/audit.js';
import { withOrganisation, type Db } from '../db/connection.js';
import { announceRepository, recordFirstHeads } from '../db/pushes.js';
import { findRepository, getRepository, type Repository } from '../db/repositories.js';
import { createBareRepository, removeBareRepository } from '../git/bare-repository.js';
import { importFrom } from '../git/import-repository.js';
import { exclusively } from '../git/keyed-mutex.js';
import { protectBranches } from '../git/protected-branches.js';
import { withoutCredentials } from '../domain/source-address.js';
import { defaultBranchOf } from './default-branch.js';
import type { Forge, NewRepository } from './forge.js';
import { importWarnings } from './import-warnings.js';
import { readHeads } from './observe-pushes.js';

export const localCreation = (db: Db, dataDirectory: string): Pick<Forge, 'createRepository' | 'importWarnings'> => ({
  createRepository: (repository) => createRepository(db, dataDirectory, repository),
  importWarnings: ({ remoteUrl, defaultBranch }) => importWarnings(remoteUrl, defaultBranch),
});

async function createRepository(db: Db, dataDirectory: string, wanted: NewRepository): Promise<Repository> {
  const { principal, projectId, name, source, defaultBranch } = wanted;
  const path = join(dataDirectory, 'forge', projectId, `${name}.git`);
  const isKnown = () =>
    withOrganisation(db, principal.organisationId, async (tx) => (await findRepository(tx, projectId, name)) !== null);
  return exclusively(`create ${path}`, async () => {
    // A folder without a row was left by a process that ended between the two; its source may have been another one.
    if (!(await isKnown())) await removeBareRepository(path, () => Promise.resolve());
    if (source === null) await createBareRepository(path, { defaultBranch: defaultBranch ?? 'main' });
    else await importFrom(path, source, { defaultBranch: defaultBranch ?? null });
    try {
      const chosen = await defaultBranchOf(path);
      await protectBranches(path, [chosen]);
      return await recordRepository(db, path, chosen, wanted);
    } catch (error) {
      // The row may be there all the same, where only the reply of the database was lost.
      if (!(await isKnown())) await removeBareRepository(path, () => Promise.resolve());
      throw error;
    }
  });
}

async function recordRepository(
  db: Db,
  path: string,
  defaultBranch: string,
  { principal, projectId, name, source }: NewRepository,
): Promise<Repository> {
  const heads = await readHeads(path);
  return withOrganisation(db, principal.organisationId, async (tx) => {
    const { id } = await tx
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
      .onConflict((conflict) => conflict.columns(['project_id', 'name']).doUpdateSet({ remote_url: path }))
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordFirstHeads(tx, { id, organisationId: principal.organisationId }, heads);
    await announceRepository(tx);
    await appendAudit(tx, {
      organisationId: principal.organisationId,
      actor: { kind: 'person', id: principal.personId, name: principal.handle },
      action: 'repository.add',
      resource: `repository:${name}`,
      details: { source: source === null ? 'empty' : withoutCredentials(source), defaultBranch },
      outcome: 'success',
      ...principal.origin,
    });
    return (await findRepository(tx, projectId, name)) ?? getRepository(tx, id);
  });
}
