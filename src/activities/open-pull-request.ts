import { withOrganisation } from '../db/connection.js';
import { transitionTask } from '../db/tasks.js';
import { BatonError } from '../domain/errors.js';
import type { StepRef } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import type { ActivityDeps } from './deps.js';
import { reviewsOf } from './run-reviews.js';
import { checkOut } from './workspace.js';

export interface OpenedPullRequest {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly commit: string;
}

/** Opens the pull request of a branch for a run; found again, it is done. */
export async function openPullRequest(
  deps: ActivityDeps,
  { run, step }: StepRef,
  asked: {
    readonly repositoryId: string;
    readonly branch: string;
    readonly title: string;
    readonly body: string | null;
    readonly labels: readonly string[];
    readonly reviewers: readonly string[];
    /** Whether what the run's reviews found is of this change. */
    readonly reviewed: boolean;
  },
): Promise<OpenedPullRequest> {
  const { repositoryId, branch, title, body, labels, reviewers } = asked;
  const { clone, repository } = await checkOut(deps, run.organisationId, repositoryId);
  const head = await branchHead(clone, branch);
  if (head === null || head === (await branchHead(clone, repository.defaultBranch))) {
    throw new BatonError(
      'nothing-to-merge',
      `The branch ${branch} has no commit that ${repository.defaultBranch} lacks.`,
    );
  }
  const pullRequest = await deps.forge.openPullRequest(run.organisationId, {
    run,
    repositoryId,
    title,
    body: body ?? defaultBody(run.requestedBy, run.number, run.issue),
    head: branch,
    base: repository.defaultBranch,
    labels,
    reviewers,
  });
  for (const review of asked.reviewed ? await reviewsOf(deps, run.organisationId, run.runId) : []) {
    await deps.forge.review(run.organisationId, {
      pullRequestId: pullRequest.id,
      ...review,
      marker: `${run.runId}/${review.step}`,
    });
  }
  await withOrganisation(deps.db, run.organisationId, (tx) => transitionTask(tx, run, 'ready-for-review', step));
  return { number: pullRequest.number, head: branch, base: repository.defaultBranch, commit: head };
}

const defaultBody = (
  requestedBy: string,
  number: number,
  issue: { readonly number: number; readonly title: string } | null,
): string =>
  [
    `Asked for by ${requestedBy}, made by run #${number}.`,
    ...(issue ? [`Closes #${issue.number}: ${issue.title}`] : []),
  ].join('\n\n');
