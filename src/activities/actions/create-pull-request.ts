import { withoutHumanPrefix } from '../../domain/approval.js';
import { BatonError } from '../../domain/errors.js';
import { pullRequestTitle } from '../../domain/pull-request-title.js';
import type { RunRef } from '../../domain/work.js';
import { planOf } from '../assign-agent.js';
import type { ActivityDeps } from '../deps.js';
import { openPullRequest } from '../open-pull-request.js';
import { textList, textParam } from '../params.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';

/** Opens the pull request of the run's branch, with what its reviews found. */
export const createPullRequest: Action = async (deps, { ref, params, repository, branch }) => {
  if (!repository || branch === null)
    throw new BatonError('no-branch', `The step ${ref.name} has no branch to open a pull request for.`);
  const opened = await openPullRequest(deps, ref, {
    repositoryId: repository.id,
    branch,
    title: textParam(ref, params, 'title') ?? (await derivedTitle(deps, ref.run)),
    body: textParam(ref, params, 'body'),
    labels: textList(ref, params, 'labels'),
    reviewers: [...textList(ref, params, 'reviewer'), ...textList(ref, params, 'reviewers')].map(withoutHumanPrefix),
    reviewed: true,
  });
  return { output: { ...opened } };
};

const derivedTitle = (deps: ActivityDeps, run: RunRef): Promise<string> =>
  persist(deps, run.organisationId, async (tx) => {
    const { description } = await planOf(tx, run.runId);
    const found = await tx
      .selectFrom('runs as r')
      .innerJoin('issues as i', 'i.id', 'r.issue_id')
      .select(['i.title', 'i.labels'])
      .where('r.id', '=', run.runId)
      .executeTakeFirst();
    return pullRequestTitle({ pipeline: run.pipeline, description, number: run.number, issue: found ?? null });
  });
