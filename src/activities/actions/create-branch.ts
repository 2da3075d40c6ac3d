import { sql } from 'kysely';
import { withOrganisation } from '../../db/connection.js';
import { BatonError } from '../../domain/errors.js';
import { isRunOpen } from '../../domain/run-state.js';
import { branchHead } from '../../git/clone.js';
import { git } from '../../git/git.js';
import { publishToBranch } from '../../git/publish.js';
import type { ActionRequest } from '../../domain/work.js';
import { announcePush } from '../announce-push.js';
import { freeBranch } from '../choose-branch.js';
import type { ActivityDeps } from '../deps.js';
import { requiredText, textParam } from '../params.js';
import type { Action } from '../run-action.js';
import { checkOut } from '../workspace.js';

/** Makes the run's branch from another. Its own branch, found again, is done; anybody else's is refused. */
export const createBranch: Action = async (deps, request) => {
  const { ref, params, repository, branchSuffix } = request;
  if (!repository) throw new BatonError('no-repository', `The step ${ref.name} needs a repository.`);
  const wanted = `${requiredText(ref, params, 'branch')}${branchSuffix}`;
  const from = textParam(ref, params, 'from') ?? repository.defaultBranch;
  const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
  const { clone } = checkout;
  await git(['check-ref-format', '--branch', wanted], { gitDir: clone.gitDir }).catch((cause: unknown) => {
    throw new BatonError('branch-name-invalid', `git takes no branch named ${JSON.stringify(wanted)}.`, { cause });
  });
  const start = await branchHead(clone, from);
  if (start === null)
    throw new BatonError('branch-not-found', `The repository ${repository.name} has no branch ${from}.`);

  const branch = await freeBranch(deps, ref.run, clone, wanted, { isOwn: true });
  const there = await branchHead(clone, branch);
  await claimBranch(deps, request, branch, there !== null && there !== start);
  if (there === null) {
    await announcePush(deps, ref.run, repository.id, branch, start);
    await publishToBranch(clone, start, branch, { protectedBranches: checkout.repository.protectedBranches });
  }
  return { output: { branch, from, commit: there ?? start }, branch, commit: there ?? start };
};

/**
 * Says in the record that the branch is this run's, before it is there: a run that died in between finds its own again,
 * wherever the base has moved to, and no two runs make the same. Another's, or one with work of nobody known, is refused.
 */
async function claimBranch(
  deps: ActivityDeps,
  { ref, repository }: ActionRequest,
  branch: string,
  hasWork: boolean,
): Promise<void> {
  const { runId, organisationId } = ref.run;
  const holder = await withOrganisation(deps.db, organisationId, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`branch ${repository!.id} ${branch}`}, 0))`.execute(tx);
    const known = await tx
      .selectFrom('runs')
      .select(['id', 'number', 'status'])
      .where('repository_id', '=', repository!.id)
      .where('branch', '=', branch)
      .orderBy((eb) => eb('id', '=', runId), 'desc')
      .orderBy('number', 'desc')
      .executeTakeFirst();
    const isTaken = known ? known.id !== runId && (hasWork || isRunOpen(known.status)) : hasWork;
    if (isTaken) return known ?? 'nobody';
    // Only branches of a run's own repository are recorded.
    if (repository!.id === ref.run.repository?.id)
      await tx.updateTable('runs').set({ branch }).where('id', '=', runId).where('branch', 'is', null).execute();
    return null;
  });
  if (holder === null) return;
  const whose =
    holder === 'nobody'
      ? 'work that is not of this run: choose another name'
      : `the work of run #${holder.number}: rerun that one from a step`;
  throw new BatonError('branch-taken', `The branch ${branch} is there already, with ${whose}, or delete the branch.`, {
    details: { branch },
  });
}
