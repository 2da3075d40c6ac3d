import { isJsonObject, type JsonObject } from '../domain/json.js';
import type { FinishStepRequest } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import { changedPaths } from '../git/diff.js';
import { mergeBase } from '../git/merge-base.js';
import { planOf } from './assign-agent.js';
import type { ActivityDeps } from './deps.js';
import { openPullRequest } from './open-pull-request.js';
import { persist } from './persist.js';
import { checkOut } from './workspace.js';

/** What is said of the files, of which a change may have very many. */
const MAX_FILES = 50;

/**
 * Opens the pull request that an agent's capability promises (`pullRequest: true`), once what it changed is on its branch.
 * What that adds to the step's output; null where nothing is promised, or nothing was changed.
 */
export async function pullRequestOfCapability(
  deps: ActivityDeps,
  { ref, agent, outcome }: FinishStepRequest,
): Promise<JsonObject | null> {
  if (outcome.kind !== 'succeeded' || outcome.commit === null || agent === null) return null;
  const params = await persist(deps, ref.run.organisationId, async (tx) => {
    const promised = await tx
      .selectFrom('capabilities')
      .select('name')
      .where('agent_id', '=', agent.for ?? agent.id)
      .where('pull_request', '=', true)
      .execute();
    if (promised.length === 0) return null;
    const step = (await planOf(tx, ref.run.runId)).steps.find(({ id }) => id === ref.step);
    if (step?.kind !== 'agent' || !promised.some(({ name }) => name === step.action)) return null;
    const { input } = await tx
      .selectFrom('steps')
      .select('input')
      .where('run_id', '=', ref.run.runId)
      .where('step', '=', ref.step)
      .where('item', 'is not distinct from', ref.item)
      .executeTakeFirstOrThrow();
    return isJsonObject(input) ? input : {};
  });
  if (params === null) return null;

  const { repositoryId, branch } = outcome;
  const title = params['title'];
  const { number, base } = await openPullRequest(deps, ref, {
    repositoryId,
    branch,
    title: typeof title === 'string' && title !== '' ? title : `${ref.name}, run #${ref.run.number}`,
    body: null,
    labels: [],
    reviewers: [],
    reviewed: false,
  });
  const { clone, repository } = await checkOut(deps, ref.run.organisationId, repositoryId);
  const landed = await branchHead(clone, base);
  const left = landed && (await mergeBase(clone, landed, outcome.commit));
  const files = left === null ? [] : await changedPaths(clone, left, outcome.commit);
  return {
    prNumber: number,
    prUrl: `/api/repositories/${encodeURIComponent(repository.name)}/pull-requests?number=${number}`,
    branch,
    filesModified: files.slice(0, MAX_FILES),
  };
}
