import { BATON } from '../domain/commit-identity.js';
import { BatonError } from '../domain/errors.js';
import { keepable } from '../domain/keepable.js';
import { TRAILER } from '../domain/trailer.js';
import type { AssignedAgent, DraftedResolution, DraftRequest } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import { mergeBase } from '../git/merge-base.js';
import { mergeTrees } from '../git/merge-trees.js';
import { pushRef } from '../git/publish.js';
import { writeCommit } from '../git/write-commit.js';
import { tellAsked, tellSide } from './conflict.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { checkOut } from './workspace.js';

/** More files are not listed: the diffs have them. */
const MAX_FILES = 50;

/**
 * Merges the branch that a change is to land on into the change, as a commit that an agent begins with: files in conflict
 * have markers. Nothing reaches a branch.
 */
export const draftResolution =
  (deps: ActivityDeps) =>
  async ({ ref, repository, branch, message, agentId, atMs }: DraftRequest): Promise<DraftedResolution> => {
    const { organisationId } = ref.run;
    const checkout = await checkOut(deps, organisationId, repository.id);
    const { clone } = checkout;
    const pullRequest = await deps.forge.findPullRequest(organisationId, repository.id, branch);
    const target = pullRequest?.base ?? checkout.repository.defaultBranch;
    const [base, head] = await Promise.all([branchHead(clone, target), branchHead(clone, branch)]);
    if (base === null || head === null)
      throw new BatonError('branch-gone', `The branch ${base === null ? target : branch} is gone. Push it again.`);
    const [merge, fork] = await Promise.all([mergeTrees(clone, base, head), mergeBase(clone, base, head)]);
    const files = merge.kind === 'conflict' ? merge.files : [];
    const draft = await writeCommit(clone, merge.tree, [base], {
      message: `${ref.name}: ${branch} merged with ${target}`,
      trailers: { [TRAILER.run]: ref.run.runId, [TRAILER.step]: ref.step },
      author: BATON,
      dateMs: atMs,
    });
    await pushRef(clone, draft, `refs/baton/attempts/${ref.run.runId}/${ref.step}/landing/${draft.slice(0, 12)}`);
    const side = (title: string, to: string) => tellSide(deps, ref, checkout, { title, from: fork ?? base, to, files });
    const task =
      files.length > 0
        ? `It conflicts with ${target} in ${files.slice(0, MAX_FILES).join(', ')}. The worktree holds both sides with conflict markers in these files. Resolve them so that the intents of both changes hold, and remove every marker.`
        : `The worktree holds both changes merged. Correct what fails, so that the intents of both hold.`;
    const brief = [
      `The change for ${tellAsked(ref)} on ${branch} cannot land. ${message}`,
      `${task} Change nothing else.`,
      await side(`The change on ${target}`, base),
      await side(`The change on ${branch}`, head),
    ].join('\n\n');
    const agent = agentId === null ? null : await readyAgent(deps, organisationId, agentId);
    return { base, head, draft, files, brief: keepable(deps.redactor.text(brief)), target, agent };
  };

/** The agent, unless it takes no work now. */
const readyAgent = async (deps: ActivityDeps, organisationId: string, id: string): Promise<AssignedAgent | null> =>
  (await persist(deps, organisationId, (tx) =>
    tx
      .selectFrom('agents')
      .select(['id', 'name'])
      .where('id', '=', id)
      .where('status', 'not in', ['paused', 'offline'])
      .executeTakeFirst(),
  )) ?? null;
