import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { pipelinesNaming } from '../db/pipeline-names.js';
import { getRepository, lockRepository, updateRepository, type Repository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { repositoryDenial, type PermissionLayer } from '../domain/permissions.js';
import { branchHeads } from '../git/branch-heads.js';
import { refuseFilters } from '../git/import-repository.js';
import { shown } from '../git/source-refs.js';
import type { ChangedDefaultBranch, Forge, RenamedRepository } from './forge.js';
import { auditRepository } from './repository-audit.js';
import { settleRepository } from './settle-repository.js';

export const localChanges = (db: Db): Pick<Forge, 'renameRepository' | 'setDefaultBranch'> => ({
  renameRepository: (renamed) => renameRepository(db, renamed),
  setDefaultBranch: (changed) => setDefaultBranch(db, changed),
});

/**
 * Everything refers to a repository by its id: runs in flight, clones, worktrees, policies. Its files stay where they are,
 * so clones of people keep their remote. Only agents' permissions and pipelines name it.
 */
const renameRepository = (db: Db, { principal, repositoryId, name }: RenamedRepository): Promise<readonly string[]> =>
  withOrganisation(db, principal.organisationId, async (tx) => {
    const { name: before, projectId } = await lockRepository(tx, repositoryId);
    if (before === name) return [];
    const { gaining, losing } = await permissionChanges(tx, projectId, before, name);
    if (gaining.length > 0)
      throw new BatonError(
        'rename-lifts-denial',
        `${gaining.join(', ')} may not work in ${before}, but could in ${name}. Change their permissions so that they ` +
          `cover ${name} first, then rename.`,
        { details: { agents: gaining } },
      );
    await updateRepository(tx, repositoryId, { name });
    await auditRepository(tx, principal, 'rename', name, { from: before, to: name, repositoryId });
    const pipelines = await pipelinesNaming(tx, projectId, before);
    return [
      ...(losing.length === 0
        ? []
        : [`${losing.join(', ')} may work in ${before}, but not in ${name}: see their permissions.`]),
      ...pipelines.map((pipeline) => `The pipeline ${pipeline} names ${before}: save it with the new name.`),
    ];
  });

/** Agents whose permissions, which name repositories, say another thing of the new name. */
async function permissionChanges(tx: Tx, projectId: string, before: string, after: string) {
  const agents = await tx
    .selectFrom('agents')
    .select(['name', 'permissions'])
    .where('project_id', '=', projectId)
    .orderBy('name')
    .execute();
  const isDenied = (agent: string, given: PermissionLayer, repository: string): boolean =>
    repositoryDenial({ agent, given }, repository) !== null;
  const changed = agents.map(({ name, permissions }) => ({
    name,
    before: isDenied(name, permissions, before),
    after: isDenied(name, permissions, after),
  }));
  return {
    gaining: changed.filter((agent) => agent.before && !agent.after).map(({ name }) => name),
    losing: changed.filter((agent) => !agent.before && agent.after).map(({ name }) => name),
  };
}

/** The old default branch stays protected: what is protected changes only when somebody says so. */
async function setDefaultBranch(
  db: Db,
  { principal, repositoryId, branch }: ChangedDefaultBranch,
): Promise<Repository> {
  const { organisationId } = principal;
  const { name, remoteUrl } = await withOrganisation(db, organisationId, (tx) => getRepository(tx, repositoryId));
  const branches = [...(await branchHeads(remoteUrl)).keys()];
  if (!branches.includes(branch))
    throw new BatonError(
      'branch-not-found',
      `${name} has no branch ${branch}. ${branches.length === 0 ? 'It has none yet' : `Its branches are: ${shown(branches)}`}.`,
    );
  await refuseFilters(remoteUrl, remoteUrl, `refs/heads/${branch}`);
  const changed = await withOrganisation(db, organisationId, async (tx) => {
    const { defaultBranch: before, protectedBranches } = await lockRepository(tx, repositoryId);
    await updateRepository(tx, repositoryId, {
      default_branch: branch,
      protected_branches: [...new Set([...protectedBranches, branch])],
    });
    await auditRepository(tx, principal, 'set-default-branch', name, { from: before, to: branch });
    return getRepository(tx, repositoryId);
  });
  await settleRepository(db, organisationId, repositoryId);
  return changed;
}
