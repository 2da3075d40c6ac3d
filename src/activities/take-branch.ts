import type { TakeBranchRequest, TakenBranch } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import { mergeBase } from '../git/merge-base.js';
import { pushRef } from '../git/publish.js';
import type { ActivityDeps } from './deps.js';
import { attemptRef, checkOut } from './workspace.js';

const BRANCH = /^(?!.*\.\.)[\w][\w./+-]{0,240}$/;

/** Takes the head of a branch that a person resolved a conflict on; its commits keep their authors. */
export const takeBranch =
  (deps: ActivityDeps) =>
  async ({ ref, attempt, repository, branch, taken, base, target }: TakeBranchRequest): Promise<TakenBranch> => {
    const refuse = (message: string): TakenBranch => ({ kind: 'refused', message });
    if (!BRANCH.test(taken)) return refuse('The answer names no branch. Write only the name of a branch as text.');
    const { clone } = await checkOut(deps, ref.run.organisationId, repository.id);
    const commit = await branchHead(clone, taken);
    if (commit === null) return refuse(`${repository.name} has no branch ${taken}. Push it, then answer again.`);
    const at = base.slice(0, 10);
    if (commit === base) return refuse(`${taken} holds no change on top of ${branch} (${at}).`);
    if ((await mergeBase(clone, base, commit)) !== base)
      return refuse(`${taken} does not contain ${at}, the head of ${branch}. Merge or rebase it on that, and push.`);
    if (target && (await mergeBase(clone, target.commit, commit)) !== target.commit)
      return refuse(
        `${taken} does not contain ${target.commit.slice(0, 10)}, the head of ${target.branch}. Merge that into it, and push.`,
      );
    await pushRef(clone, commit, `${attemptRef(ref, attempt)}-taken-${commit.slice(0, 12)}`);
    return { kind: 'taken', commit };
  };
