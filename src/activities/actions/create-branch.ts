import { BatonError } from '../../domain/errors.js';
import { branchHead } from '../../git/clone.js';
import { git } from '../../git/git.js';
import { publishToBranch } from '../../git/publish.js';
import { requiredText, textParam } from '../params.js';
import type { Action } from '../run-action.js';
import { checkOut } from '../workspace.js';

/** Makes the run's branch from another. Its own branch, found again, is done; anybody else's is refused. */
export const createBranch: Action = async (deps, { ref, params, repository, branchSuffix }) => {
  if (!repository) throw new BatonError('no-repository', `The step ${ref.name} needs a repository.`);
  const branch = `${requiredText(ref, params, 'branch')}${branchSuffix}`;
  const from = textParam(ref, params, 'from') ?? repository.defaultBranch;
  const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
  const { clone } = checkout;
  await git(['check-ref-format', '--branch', branch], { gitDir: clone.gitDir }).catch((cause: unknown) => {
    throw new BatonError('branch-name-invalid', `git takes no branch named ${JSON.stringify(branch)}.`, { cause });
  });
  const start = await branchHead(clone, from);
  if (start === null) throw new BatonError('branch-not-found', `The repository ${repository.name} has no branch ${from}.`);

  const there = await branchHead(clone, branch);
  if (there === null) await publishToBranch(clone, start, branch, { protectedBranches: checkout.repository.protectedBranches });
  return { output: { branch, from, commit: there ?? start }, branch, commit: there ?? start };
};
