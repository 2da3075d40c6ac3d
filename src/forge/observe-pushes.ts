import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { knownHeads, recordFirstHeads, recordPush, type KnownHead, type Push } from '../db/pushes.js';
import { getRepository, type Repository } from '../db/repositories.js';
import { branchHeads } from '../git/branch-heads.js';
import { resolveCommit } from '../git/clone.js';
import { git } from '../git/git.js';
import { mergeBase } from '../git/merge-base.js';
import { filesBetween, listedFiles } from './change-files.js';

const NEW_BRANCH: KnownHead = { commit: null, pushes: 0 };

/**
 * Compares the branches with where they were known to stand and tells each difference once, however many look at the
 * same time and wherever one of them dies: a push needs nobody to announce it.
 */
export async function observePushes(db: Db, organisationId: string, repositoryId: string): Promise<void> {
  const inOrganisation = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, organisationId, work);
  // First what is known, then what is: the other way round, a newer record would look like a push backwards.
  const { repository, known } = await inOrganisation(async (tx) => ({
    repository: await getRepository(tx, repositoryId),
    known: await knownHeads(tx, repositoryId),
  }));
  if (repository.removedAt !== null) return;
  const heads = await branchHeads(repository.remoteUrl);
  if (known === null) return inOrganisation((tx) => recordFirstHeads(tx, repository, heads));
  const branches = new Set([...heads.keys(), ...known.keys()]);
  for (const branch of [...branches].sort()) {
    const [before, after] = [known.get(branch) ?? NEW_BRANCH, heads.get(branch) ?? null];
    if (before.commit === after) continue;
    const push = await describePush(repository, branch, before, after);
    await inOrganisation((tx) => recordPush(tx, repository, push, listedFiles(push.files)));
  }
}

async function describePush(
  { remoteUrl, defaultBranch }: Repository,
  branch: string,
  known: KnownHead,
  after: string | null,
): Promise<Push> {
  if (after === null) return { branch, known, after, previousCommit: known.commit, files: [], author: null };
  const clone = { gitDir: remoteUrl, remoteUrl };
  const previousCommit = await previousOf(clone, branch === defaultBranch ? null : defaultBranch, known.commit, after);
  return {
    branch,
    known,
    after,
    previousCommit,
    files: await filesBetween(remoteUrl, previousCommit, after),
    author: await git(['log', '-1', '--format=%an', after], { gitDir: remoteUrl }),
  };
}

/** What a forced push has left behind may be gone; a branch of that kind counts as new. */
async function previousOf(
  clone: { gitDir: string; remoteUrl: string },
  defaultBranch: string | null,
  before: string | null,
  after: string,
): Promise<string | null> {
  if (before !== null && (await resolveCommit(clone, before)) !== null) return before;
  const base = defaultBranch === null ? null : await resolveCommit(clone, `refs/heads/${defaultBranch}`);
  return base === null ? null : mergeBase(clone, base, after);
}
