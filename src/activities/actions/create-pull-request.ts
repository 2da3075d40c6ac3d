import { BatonError } from '../../domain/errors.js';
import { openPullRequest } from '../open-pull-request.js';
import { requiredText, textList, textParam } from '../params.js';
import type { Action } from '../run-action.js';

/** Opens the pull request of the run's branch, with what its reviews found. */
export const createPullRequest: Action = async (deps, { ref, params, repository, branch }) => {
  if (!repository || branch === null)
    throw new BatonError('no-branch', `The step ${ref.name} has no branch to open a pull request for.`);
  const opened = await openPullRequest(deps, ref, {
    repositoryId: repository.id,
    branch,
    title: requiredText(ref, params, 'title'),
    body: textParam(ref, params, 'body'),
    labels: textList(ref, params, 'labels'),
    reviewers: [...textList(ref, params, 'reviewer'), ...textList(ref, params, 'reviewers')].map((name) =>
      name.replace(/^human:/, ''),
    ),
    reviewed: true,
  });
  return { output: { ...opened } };
};
