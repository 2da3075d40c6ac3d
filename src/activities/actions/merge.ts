import { cancellation } from '../cancellation.js';
import { withOrganisation, type Tx } from '../../db/connection.js';
import { grantedApprovals, riskOverrideOf, type GrantedApproval } from '../../db/approvals.js';
import { policiesFor } from '../../db/policies.js';
import { firstToSay } from '../../db/events.js';
import { transitionTask } from '../../db/tasks.js';
import { BatonError } from '../../domain/errors.js';
import { TRAILER } from '../../domain/trailer.js';
import type { ActionRequest } from '../../domain/work.js';
import { RERUN_HINT } from '../../domain/landing.js';
import { mayLand } from '../../domain/approval-policy.js';
import { riskOfChange } from '../../domain/risk.js';
import { MERGE_METHODS, type MergeMethod } from '../../domain/merge-method.js';
import { branchHead, fetchClone, treeOf, type Clone } from '../../git/clone.js';
import { git } from '../../git/git.js';
import { patchId } from '../../git/patch-id.js';
import { pushProtected } from '../../git/protected-push.js';
import type { Landing } from '../../git/landing.js';
import { mergeCommit } from '../../git/merge-commit.js';
import { rebaseOnto } from '../../git/rebase-commits.js';
import { squashOnto } from '../../git/squash.js';
import { findCommitByTrailers } from '../../git/trailers.js';
import type { CommitFacts } from '../../git/write-commit.js';
import type { ActivityDeps } from '../deps.js';
import type { PullRequest } from '../../forge/forge.js';
import type { Action } from '../run-action.js';
import { factsOf } from '../change-facts.js';
import { announcePush } from '../announce-push.js';
import { textParam } from '../params.js';
import { auditMerge } from './audit-merge.js';
import { landedCommit } from './landed-commit.js';
import { proveCommit } from '../prove-commit.js';
import { checkOut, type Checkout } from '../workspace.js';

/** How often the base may move under the merge before it gives up. */
const MAX_MOVES = 5;

/**
 * The only way to a protected branch: lands the run's change by the step's method, when people approved this very change and,
 * where the base has moved since its gates ran, the tests pass on the result.
 */
export const merge: Action = async (deps, request) => {
  const { ref, repository, branch } = request;
  if (!repository || branch === null) throw new BatonError('no-branch', `The step ${ref.name} has no branch to merge.`);
  const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
  const pullRequest = await deps.forge.findPullRequest(ref.run.organisationId, repository.id, branch);
  if (!pullRequest)
    throw new BatonError(
      'no-pull-request',
      `There is no pull request for ${branch}; a github.createPR step comes before the merge.`,
    );

  // What others have pushed is theirs.
  await deps.forge.observePushes(ref.run.organisationId, repository.id);
  const landed = await ownMerge(checkout, pullRequest.base, request);
  if (landed === null && pullRequest.state === 'closed')
    throw new BatonError(
      'pull-request-closed',
      `The pull request #${pullRequest.number} is closed; rerun from the step that opens it.`,
    );
  const commit = landed ?? (await land(deps, checkout, request, pullRequest));
  await deps.forge.markMerged(ref.run.organisationId, ref.run, pullRequest, commit);
  await withOrganisation(deps.db, ref.run.organisationId, async (tx) => {
    await transitionTask(tx, ref.run, 'completed', ref.step);
    if (await firstToSay(tx, ref.run.organisationId, `${ref.run.runId}/${ref.step}/audited`))
      await auditMerge(tx, ref.run, repository, pullRequest, commit);
    if (ref.run.issue && repository.id === ref.run.repository?.id) {
      await tx
        .updateTable('issues')
        .set({ state: 'closed' })
        .where('repository_id', '=', repository.id)
        .where('number', '=', ref.run.issue.number)
        .execute();
    }
  });
  await deps.forge.observePushes(ref.run.organisationId, repository.id);
  return { output: { commit, base: pullRequest.base, number: pullRequest.number }, commit };
};

/** The commit that an earlier call, of this run's step alone, pushed before it could say so. */
const ownMerge = ({ clone }: Checkout, base: string, request: ActionRequest): Promise<string | null> =>
  findCommitByTrailers(clone, `refs/remotes/origin/${base}`, {
    [TRAILER.run]: request.ref.run.runId,
    [methodOf(request) === 'rebase' ? TRAILER.landedBy : TRAILER.step]: request.ref.step,
  });

function methodOf({ ref, params }: ActionRequest): MergeMethod {
  const method = textParam(ref, params, 'strategy') ?? 'squash';
  const found = MERGE_METHODS.find((known) => known === method);
  if (found) return found;
  throw new BatonError(
    'param-invalid',
    `The parameter strategy of ${ref.name} is one of ${MERGE_METHODS.join(', ')}; it is ${JSON.stringify(method)}.`,
  );
}

/** The change as it would stand on the base. */
async function landingOn(
  { clone }: Checkout,
  request: ActionRequest,
  { title, number, head: branch }: PullRequest,
  facts: Omit<CommitFacts, 'message'> & { readonly onto: string; readonly head: string },
): Promise<Landing> {
  switch (methodOf(request)) {
    case 'squash':
      return squashOnto(clone, { ...facts, message: `${title} (#${number})` });
    case 'merge':
      return mergeCommit(clone, { ...facts, message: `Merge pull request #${number} from ${branch}\n\n${title}` });
    case 'rebase': {
      // A resolved conflict is a merge, and its commits cannot be taken one by one: they land as one.
      if (await holdsMerges(clone, facts)) {
        const trailers = { ...facts.trailers, [TRAILER.landedBy]: request.ref.step };
        return squashOnto(clone, { ...facts, trailers, message: `${title} (#${number})` });
      }
      // A rebased commit keeps the step and the agent that made it.
      const { [TRAILER.step]: step = request.ref.step, [TRAILER.agent]: _agents, ...trailers } = facts.trailers;
      return rebaseOnto(clone, { ...facts, trailers: { ...trailers, [TRAILER.landedBy]: step } });
    }
  }
}

const holdsMerges = async (
  { gitDir }: Clone,
  { onto, head }: { readonly onto: string; readonly head: string },
): Promise<boolean> =>
  (await git(['rev-list', '--merges', '--max-count=1', `${onto}..${head}`, '--'], { gitDir })) !== '';

async function land(
  deps: ActivityDeps,
  checkout: Checkout,
  request: ActionRequest,
  pullRequest: PullRequest,
): Promise<string> {
  const { clone } = checkout;
  const { ref } = request;
  const head = await branchHead(clone, pullRequest.head);
  if (head === null) throw new BatonError('branch-gone', `The branch ${pullRequest.head} is gone.`);

  // Before anything is proved or written: its signing key may be missing.
  const { trailers, ...identity } = await landedCommit(deps, checkout, request);
  for (let moves = 0; moves <= MAX_MOVES; moves += 1) {
    const base = (await branchHead(clone, pullRequest.base))!;
    const approvals = await requireApprovals(deps, checkout, request, base, head);
    const landing = await landingOn(checkout, request, pullRequest, {
      ...identity,
      onto: base,
      head,
      trailers: trailers(approvals),
    });
    if (landing.kind === 'conflict') {
      throw new BatonError(
        'merge-conflict',
        `${pullRequest.base} has moved, and the change conflicts with it in ${landing.files.join(', ')}. ${RERUN_HINT}`,
      );
    }
    const proved = landing.tree === (await treeOf(clone, head));
    if (!proved) await proveCommit(deps, checkout, ref, landing.commit);
    // Out of time or cancelled: nothing may land any more.
    cancellation().throwIfAborted();
    await announcePush(deps, ref.run, checkout.repository.id, pullRequest.base, landing.commit);
    if ((await pushProtected(clone, landing.commit, pullRequest.base)) === 'pushed') return landing.commit;
    await fetchClone(clone);
  }
  throw new BatonError('base-keeps-moving', `${pullRequest.base} moved ${MAX_MOVES} times during the merge.`, {
    retryable: true,
  });
}

/**
 * Every approval before this step was given, but for those that their condition skipped; and this repository's change, as
 * it is now, may land: people approved it, or its policies let it.
 */
async function requireApprovals(
  deps: ActivityDeps,
  checkout: Checkout,
  { ref, approvals }: ActionRequest,
  base: string,
  head: string,
): Promise<GrantedApproval[]> {
  const { clone, repository } = checkout;
  const facts = await factsOf(deps, ref.run, checkout, { base, commit: head });
  const patch = await patchId(clone, base, head);
  const { granted, skipped, policies, override } = await withOrganisation(
    deps.db,
    ref.run.organisationId,
    async (tx) => ({
      granted: (await grantedApprovals(tx, ref.run.runId)).filter(({ purpose }) => purpose !== 'act'),
      skipped: await skippedSteps(tx, ref.run.runId),
      policies: await policiesFor(tx, repository.id),
      override: await riskOverrideOf(tx, ref.run.runId),
    }),
  );
  const needed = approvals.filter((step) => !skipped.has(step));
  const given = granted.filter(({ step }) => needed.includes(step) || step === ref.step);
  const ofThis = given.filter((approval) => approval.repositoryId === repository.id);
  const landing = mayLand(policies, facts, riskOfChange(policies, facts, override), patch, ofThis);
  if (needed.some((step) => !given.some((approval) => approval.step === step)) || landing.kind === 'asks') {
    if (landing.kind === 'asks' && landing.isVoid)
      throw new BatonError('approval-void', `The change is not the one that was approved; rerun from the approval.`, {
        details: { patch, approved: ofThis.map((approval) => approval.patchId) },
      });
    throw new BatonError(
      'not-approved',
      `Nothing merges to a protected branch without a human's approval, and ${ref.name} has none for ${repository.name}.`,
    );
  }
  return given;
}

async function skippedSteps(tx: Tx, runId: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('steps')
    .select('step')
    .where('run_id', '=', runId)
    .where('status', '=', 'skipped')
    .execute();
  return new Set(rows.map(({ step }) => step));
}
