import { existsSync } from 'node:fs';
import { appendAudit } from '../db/audit.js';
import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { clearEscalation } from '../db/escalations.js';
import { SYSTEM } from '../db/events.js';
import { announceRepository } from '../db/pushes.js';
import {
  deleteRepository,
  getRepository,
  lockRepository,
  refuseInUse,
  removedRepositories,
  updateRepository,
  type Repository,
} from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { deleteBareRepository, moveBareRepository } from '../git/bare-repository.js';
import type { Forge, RemovedFiles, RemovedRepository, RestoredRepository } from './forge.js';
import { escalationSubject } from './close-pull-request.js';
import { freePlace } from './free-place.js';
import { auditRepository } from './repository-audit.js';
import { KEPT_DAYS, placeAside, projectFolder } from './repository-places.js';
import { settleRepository } from './settle-repository.js';

const DAY_MS = 24 * 3_600_000;

export const localRemoval = (
  db: Db,
  dataDirectory: string,
): Pick<Forge, 'removeRepository' | 'purgeRepository' | 'restoreRepository'> => ({
  removeRepository: (removed) => removeRepository(db, removed),
  purgeRepository: ({ principal, repositoryId: id }) =>
    purge(db, { id, organisationId: principal.organisationId }, (tx, { name, remoteUrl: files }) =>
      auditRepository(tx, principal, 'purge', name, { files }),
    ),
  restoreRepository: (restored) => restoreRepository(db, dataDirectory, restored),
});

/**
 * The files are moved last, just before the row is committed. Where the commit fails they are moved back, after a crash
 * at the next start.
 */
async function removeRepository(db: Db, { principal, repositoryId }: RemovedRepository): Promise<RemovedFiles> {
  const { organisationId } = principal;
  try {
    return await withOrganisation(db, organisationId, async (tx) => {
      const repository = await lockRepository(tx, repositoryId);
      const { name, remoteUrl, removedAt } = repository;
      if (removedAt !== null) throw new BatonError('repository-not-found', `There is no repository ${name}.`);
      await refuseInUse(tx, repository);
      const files = placeAside(repository);
      const now = new Date();
      const keptUntil = new Date(now.getTime() + KEPT_DAYS * DAY_MS).toISOString();
      await clearStale(tx, repositoryId);
      await updateRepository(tx, repositoryId, { removed_at: now, remote_url: files });
      await announceRepository(tx);
      await auditRepository(tx, principal, 'remove', name, { files, keptUntil });
      await moveBareRepository(remoteUrl, files);
      return { files, keptUntil };
    });
  } catch (error) {
    await settleRepository(db, organisationId, repositoryId).catch(() => undefined);
    throw error;
  }
}

/** Nobody is told any more that its pull requests are old. */
async function clearStale(tx: Tx, repositoryId: string): Promise<void> {
  const open = await tx
    .selectFrom('pull_requests')
    .select('id')
    .where('repository_id', '=', repositoryId)
    .where('state', '=', 'open')
    .execute();
  for (const { id } of open) await clearEscalation(tx, 'pr-stale', escalationSubject(id));
}

/** The row comes first: files whose row is not committed yet are moved at the next start. */
async function restoreRepository(
  db: Db,
  dataDirectory: string,
  { principal, projectId, name }: RestoredRepository,
): Promise<Repository> {
  const { organisationId } = principal;
  const restored = await withOrganisation(db, organisationId, async (tx) => {
    const removed = await removedRepositories(tx, projectId, name);
    const found = removed.find(({ remoteUrl }) => remoteUrl !== '' && existsSync(remoteUrl));
    if (!found)
      throw new BatonError(
        'repository-not-found',
        removed.length === 0
          ? `No repository ${name} was removed. See baton repo list --removed.`
          : `The files of ${name} are deleted: it cannot be brought back.`,
      );
    const { id } = await lockRepository(tx, found.id);
    const remoteUrl = await freePlace(tx, projectFolder(dataDirectory, projectId), name);
    await updateRepository(tx, id, { removed_at: null, remote_url: remoteUrl });
    await announceRepository(tx);
    await auditRepository(tx, principal, 'restore', name);
    return { ...found, remoteUrl, removedAt: null };
  });
  await settleRepository(db, organisationId, restored.id);
  return restored;
}

/** Deletes the files of a removed repository, and its row where no issue, pull request or run refers to it. */
async function purge(
  db: Db,
  { id, organisationId }: Pick<Repository, 'id' | 'organisationId'>,
  audit: (tx: Tx, repository: Repository) => Promise<void>,
): Promise<void> {
  const repository = await withOrganisation(db, organisationId, (tx) => getRepository(tx, id));
  if (repository.removedAt === null || repository.remoteUrl === '') return;
  await deleteBareRepository(repository.remoteUrl);
  await withOrganisation(db, organisationId, async (tx) => {
    await audit(tx, repository);
    if (!(await deleteRepository(tx, id))) await updateRepository(tx, id, { remote_url: '' });
  });
}

/** The same for one that was kept long enough. */
export const purgeExpired = (
  db: Db,
  { id, organisationId }: Pick<Repository, 'id' | 'organisationId'>,
): Promise<void> =>
  purge(db, { id, organisationId }, (tx, { name }) =>
    appendAudit(tx, {
      organisationId,
      actor: SYSTEM,
      action: 'repository.purge',
      resource: `repository:${name}`,
      details: { keptDays: KEPT_DAYS },
      outcome: 'success',
    }),
  );
