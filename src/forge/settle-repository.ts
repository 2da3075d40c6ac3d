import { withOrganisation, type Db } from '../db/connection.js';
import { getRepository } from '../db/repositories.js';
import { git } from '../git/git.js';
import { protectBranches } from '../git/protected-branches.js';

/**
 * Makes the files of an embedded repository match its row: HEAD and the protection of its branches. A process that
 * ended between the row and the files, or an older version of Baton, may have left them otherwise.
 */
export async function settleRepository(db: Db, organisationId: string, repositoryId: string): Promise<void> {
  const { remoteUrl, defaultBranch, protectedBranches } = await withOrganisation(db, organisationId, (tx) =>
    getRepository(tx, repositoryId),
  );
  const head = `refs/heads/${defaultBranch}`;
  if ((await git(['symbolic-ref', 'HEAD'], { gitDir: remoteUrl })) !== head)
    await git(['symbolic-ref', 'HEAD', head], { gitDir: remoteUrl });
  await protectBranches(remoteUrl, protectedBranches);
}
