import { cancellation } from '../cancellation.js';
import { groupUpdates, limitGroups, summariseUpdates, type Looked } from '../../domain/dependency-update.js';
import { BatonError } from '../../domain/errors.js';
import type { StepRef } from '../../domain/work.js';
import { findUpdates } from '../../gates/npm-updates.js';
import { branchHead } from '../../git/clone.js';
import type { ActivityDeps } from '../deps.js';
import { readNpmFiles } from '../npm-files.js';
import { flagParam } from '../params.js';
import { persist } from '../persist.js';
import { worktreePolicy } from '../policies.js';
import type { Action } from '../run-action.js';
import { RunLog } from '../run-log.js';
import { checkOut, withWorktree } from '../workspace.js';

/**
 * Which npm packages of the step's repository, or of all of the project, are outdated or vulnerable, in groups to be updated
 * each on a branch of its own.
 */
export const outdatedDependencies: Action = async (deps, { ref, params, repository }) => {
  if (!flagParam(ref, params, 'network'))
    throw new BatonError(
      'param-missing',
      `The step ${ref.name} asks the npm registry for versions: say so by \`network: true\`.`,
    );
  const ids = repository ? [repository.id] : await repositoriesOf(deps, ref);
  const log = await RunLog.open(deps, ref, 1, 'updates.log');
  try {
    const looked: Looked[] = [];
    for (const id of ids) looked.push(await groupsOf(deps, ref, id, log));
    const found = looked.flatMap(({ groups }) => groups);
    const groups = limitGroups(found);
    return {
      output: {
        groups: groups.map((group) => ({ ...group })),
        left: found.length - groups.length,
        skipped: looked.flatMap(({ repository, skipped: why }) => (why === null ? [] : [{ repository, why }])),
        summary: summariseUpdates(looked, found.length - groups.length),
      },
    };
  } finally {
    await log.close();
  }
};

const repositoriesOf = (deps: ActivityDeps, { run }: StepRef): Promise<string[]> =>
  persist(deps, run.organisationId, async (tx) => {
    const rows = await tx
      .selectFrom('repositories')
      .select('id')
      .where('project_id', '=', run.projectId)
      .orderBy('name')
      .execute();
    return rows.map(({ id }) => id);
  });

async function groupsOf(deps: ActivityDeps, ref: StepRef, repositoryId: string, log: RunLog): Promise<Looked> {
  const checkout = await checkOut(deps, ref.run.organisationId, repositoryId);
  const { clone, repository } = checkout;
  const commit = await branchHead(clone, repository.defaultBranch);
  const files = commit === null ? null : await readNpmFiles(clone, commit);
  if (commit === null || files === null) {
    const skipped =
      commit === null
        ? `it has no branch ${repository.defaultBranch}`
        : 'only npm packages are updated, and it has no package.json with a package-lock.json at its root';
    log.line(`${repository.name} is skipped: ${skipped}`);
    return { repository: repository.name, groups: [], skipped };
  }
  const use = { ref, purpose: `updates-${repository.name}`, commit };
  const updates = await withWorktree(deps, checkout, use, (worktree, home) =>
    findUpdates(
      {
        execute: deps.execute,
        policy: worktreePolicy(worktree, home, { writable: false, isolation: deps.isolation }),
        signal: cancellation(),
        log: (chunk) => log.write(chunk),
        settings: deps.scanners,
        network: true,
      },
      files,
    ),
  );
  log.line(`${repository.name}: ${updates.length} of its packages could be newer`);
  return { repository: repository.name, groups: groupUpdates(repository.name, updates), skipped: null };
}
