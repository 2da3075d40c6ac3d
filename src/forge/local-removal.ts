import { appendAudit } from '../db/audit.js';
import { withOrganisation, type Db } from '../db/connection.js';
import { announceRepository } from '../db/pushes.js';
import { deleteRepository, getRepository } from '../db/repositories.js';
import { removeBareRepository } from '../git/bare-repository.js';
import type { Forge, RemovedRepository } from './forge.js';

export const localRemoval = (db: Db): Pick<Forge, 'removeRepository'> => ({
  removeRepository: (removed) => removeRepository(db, removed),
});

async function removeRepository(db: Db, { principal, repositoryId }: RemovedRepository): Promise<void> {
  const { organisationId, personId, handle, origin } = principal;
  const { remoteUrl } = await withOrganisation(db, organisationId, (tx) => getRepository(tx, repositoryId));
  await removeBareRepository(remoteUrl, () =>
    withOrganisation(db, organisationId, async (tx) => {
      const repository = await getRepository(tx, repositoryId);
      await deleteRepository(tx, repository);
      await announceRepository(tx);
      await appendAudit(tx, {
        organisationId,
        actor: { kind: 'person', id: personId, name: handle },
        action: 'repository.remove',
        resource: `repository:${repository.name}`,
        outcome: 'success',
        ...origin,
      });
    }),
  );
}
