import { requesterOf } from '../../db/finding-issues.js';
import { BatonError } from '../../domain/errors.js';
import { requiredText } from '../params.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';

/** Says something on the run's issue, in the name of who asked for the run; once a step. */
export const commentIssue: Action = async (deps, { ref, params }) => {
  const { organisationId, runId, number, repository, issue } = ref.run;
  if (!issue || !repository)
    throw new BatonError('no-issue', `${ref.name} comments on the run's issue, and run #${number} has none.`);
  const principal = await persist(deps, organisationId, (tx) => requesterOf(tx, ref.run));
  await deps.forge.commentIssue({
    principal,
    repositoryId: repository.id,
    number: issue.number,
    body: requiredText(ref, params, 'body'),
    key: `${runId}/${ref.step}${ref.item === null ? '' : `/${ref.item}`}`,
  });
  return { output: { number: issue.number } };
};
