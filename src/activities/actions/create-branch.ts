import { withOrganisation } from '../../db/connection.js';
import { BatonError } from '../../domain/errors.js';
import { branchHead } from '../../git/clone.js';
import { git } from '../../git/git.js';
import { publishToBranch } from '../../git/publish.js';
import type { ActionRequest } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { requiredText, textParam } from '../params.js';
import type { Action } from '../run-action.js';
import { checkOut } from '../workspace.js';

/** Makes the run's branch from another. Its own branch, found again, is done; anybody else's is refused. */
export const createBranch: Action = async (deps, request) => {
  const { ref, params, repository, branchSuffix } = request;
  if (!repository) throw new BatonError('no-repository', `The step ${ref.name} needs a repository.`);
  const branch = `${requiredText(ref, params, 'branch')}${branchSuffix}`;
  const from = textParam(ref, params, 'from') ?? repository.defaultBranch;
  const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
  const { clone } = checkout;
  await git(['check-ref-format', '--branch', branch], { gitDir: clone.gitDir }).catch((cause: unknown) => {
    throw new BatonError('branch-name-invalid', `git takes no branch named ${JSON.stringify(branch)}.`, { cause });
  });
  const start = await branchHead(clone, from);
  if (start === null)
    throw new BatonError('branch-not-found', `The repository ${repository.name} has no branch ${from}.`);

  const there = await branchHead(clone, branch);
  if (there !== null && there !== start) await refuseOthers(deps, request, branch);
  if (there === null)
    await publishToBranch(clone, start, branch, { protectedBranches: checkout.repository.protectedBranches });
  return { output: { branch, from, commit: there ?? start }, branch, commit: there ?? start };
};

/** A branch with work on it is this run's only where its record says so. */
async function refuseOthers(deps: ActivityDeps, { ref, repository }: ActionRequest, branch: string): Promise<void> {
  const { runId, organisationId } = ref.run;
  const holder = await withOrganisation(deps.db, organisationId, (tx) =>
    tx
      .selectFrom('runs')
      .select(['id', 'number'])
      .where('repository_id', '=', repository!.id)
      .where('branch', '=', branch)
      .orderBy((eb) => eb('id', '=', runId), 'desc')
      .orderBy('number', 'desc')
      .executeTakeFirst(),
  );
  if (holder?.id === runId) return;
  const whose = holder
    ? `the work of run #${holder.number}: rerun that one from a step`
    : 'work that is not of this run: choose another name';
  throw new BatonError('branch-taken', `The branch ${branch} is there already, with ${whose}, or delete the branch.`, {
    details: { branch },
  });
}
