import { withOrganisation } from '../../db/connection.js';
import { transitionTask } from '../../db/tasks.js';
import { BatonError } from '../../domain/errors.js';
import { branchHead } from '../../git/clone.js';
import { requiredText, textList, textParam } from '../params.js';
import { reviewsOf } from '../run-reviews.js';
import type { Action } from '../run-action.js';
import { checkOut } from '../workspace.js';

/** Opens the pull request of the run's branch, with what its reviews found; found again, it is done. */
export const createPullRequest: Action = async (deps, { ref, params, repository, branch }) => {
  if (!repository || branch === null)
    throw new BatonError('no-branch', `The step ${ref.name} has no branch to open a pull request for.`);
  const { run } = ref;
  const { clone, repository: own } = await checkOut(deps, run.organisationId, repository.id);
  const head = await branchHead(clone, branch);
  if (head === null || head === (await branchHead(clone, own.defaultBranch))) {
    throw new BatonError('nothing-to-merge', `The branch ${branch} has no commit that ${own.defaultBranch} lacks.`);
  }
  const pullRequest = await deps.forge.openPullRequest(run.organisationId, {
    run,
    repositoryId: repository.id,
    title: requiredText(ref, params, 'title'),
    body: textParam(ref, params, 'body') ?? defaultBody(run.requestedBy, run.number, run.issue),
    head: branch,
    base: own.defaultBranch,
    labels: textList(ref, params, 'labels'),
    reviewers: [...textList(ref, params, 'reviewer'), ...textList(ref, params, 'reviewers')].map((name) =>
      name.replace(/^human:/, ''),
    ),
  });
  for (const review of await reviewsOf(deps, run.organisationId, run.runId)) {
    await deps.forge.review(run.organisationId, {
      pullRequestId: pullRequest.id,
      ...review,
      marker: `${run.runId}/${review.step}`,
    });
  }
  await withOrganisation(deps.db, run.organisationId, (tx) => transitionTask(tx, run, 'ready-for-review', ref.step));
  return { output: { number: pullRequest.number, head: branch, base: own.defaultBranch, commit: head } };
};

const defaultBody = (
  requestedBy: string,
  number: number,
  issue: { readonly number: number; readonly title: string } | null,
): string =>
  [
    `Asked for by ${requestedBy}, made by run #${number}.`,
    ...(issue ? [`Closes #${issue.number}: ${issue.title}`] : []),
  ].join('\n\n');
