import { existsSync } from 'node:fs';
import { withOrganisation, type Db } from '../db/connection.js';
import { lockRepository } from '../db/repositories.js';
import { moveBareRepository } from '../git/bare-repository.js';
import { git } from '../git/git.js';
import { protectBranches } from '../git/protected-branches.js';
import { placeAside } from './repository-places.js';

/**
 * Makes the files of an embedded repository match its row: their place, HEAD and the protection of branches. A process
 * that ended between the two, or an older version of Baton, may have left them otherwise. One that is removed stays as
 * it is: its files were moved before its row said so.
 */
export const settleRepository = (db: Db, organisationId: string, repositoryId: string): Promise<void> =>
  withOrganisation(db, organisationId, async (tx) => {
    const repository = await lockRepository(tx, repositoryId);
    const { remoteUrl, defaultBranch, protectedBranches, removedAt } = repository;
    if (removedAt !== null) return;
    if (!existsSync(remoteUrl)) await moveBareRepository(placeAside(repository), remoteUrl);
    const head = `refs/heads/${defaultBranch}`;
    if ((await git(['symbolic-ref', 'HEAD'], { gitDir: remoteUrl })) !== head)
      await git(['symbolic-ref', 'HEAD', head], { gitDir: remoteUrl });
    await protectBranches(remoteUrl, protectedBranches);
  });
