import type { Tx } from '../db/connection.js';
import { stepStatus } from '../db/steps.js';
import { addToTask } from '../db/tasks.js';
import { BatonError } from '../domain/errors.js';
import { isStepOpen } from '../domain/run-state.js';
import type { Publication, PublishRequest, StepRef } from '../domain/work.js';
import { parentOf, type Clone } from '../git/clone.js';
import { changedFiles } from '../git/diff.js';
import { publishToBranch, pushRef } from '../git/publish.js';
import { loadAgent } from './attempt/attempt-agent.js';
import { warn } from './attempt/attempt-record.js';
import { announcePush } from './announce-push.js';
import { cancellation } from './cancellation.js';
import { draftConflict, unresolved } from './conflict.js';
import type { ActivityDeps } from './deps.js';
import { keepHere, refuseToLeave } from './attempt/may-leave.js';
import { persist } from './persist.js';
import { RunLog } from './run-log.js';
import { openCheckout, requireCommit, type Checkout } from './workspace.js';

/** Puts a proved commit on the run's branch. Where the branch has moved the rebased commit is kept for its gates. */
export const publishCommit =
  (deps: ActivityDeps) =>
  async (request: PublishRequest): Promise<Publication> => {
    const { ref, repository, branch, commit } = request;
    // Whether the branch has moved is the push's to find out.
    const checkout = await openCheckout(deps, ref.run.organisationId, repository.id);
    await requireCommit(checkout, ref, commit);
    const { clone, repository: own } = checkout;
    await requireOpenStep(deps, ref);
    const left = await unresolved(checkout, request);
    if (left.length > 0) {
      const message = `conflict markers are left in ${left.join(', ')}`;
      return {
        kind: 'refused',
        retryable: true,
        failure: { code: 'conflict-unresolved', message, gates: [], findings: [] },
      };
    }
    await announcePush(deps, ref.run, own.id, branch, commit);
    const publication = await publishToBranch(clone, commit, branch, { protectedBranches: own.protectedBranches });
    const { organisationId, taskId } = ref.run;
    if (publication.kind === 'published') {
      const files = taskId === null ? [] : await filesOf(clone, publication.commit);
      await persist(deps, organisationId, async (tx) => {
        if (taskId !== null) await addToTask(tx, taskId, publication.commit, files);
        if (!(await isOpen(tx, ref))) await warn(tx, ref.run.runId, tooLate(ref, branch, publication.commit));
      });
    }
    if (publication.kind !== 'published' && request.resolution) {
      const message = `${branch} has moved meanwhile`;
      return { kind: 'refused', retryable: false, failure: { code: 'conflict', message, gates: [], findings: [] } };
    }
    if (publication.kind === 'moved') {
      // What others have moved meanwhile takes the change with it.
      const stays = await refuseMoved(deps, request, checkout, publication.rebased);
      if (stays) return { kind: 'refused', ...stays };
      await pushRef(clone, publication.rebased, `refs/baton/attempts/${ref.run.runId}/rebased/${publication.rebased}`);
    }
    if (publication.kind === 'conflict')
      return draftConflict(deps, checkout, request, publication.head, publication.files);
    return publication;
  };

/** The change as it came to be on what the branch holds now, where its agent may not make that. */
async function refuseMoved(deps: ActivityDeps, request: PublishRequest, checkout: Checkout, rebased: string) {
  const { ref, attempt, agent } = request;
  if (agent === null) return null;
  const row = await loadAgent(deps, ref, agent);
  const leaving = { request: { ...request, agent }, checkout, action: row.asked(request.action) };
  const parent = await parentOf(checkout.clone, rebased);
  const stays = await refuseToLeave(deps, leaving, [parent, rebased]);
  if (stays === null) return null;
  const log = await RunLog.open(deps, ref, attempt, 'agent.log');
  try {
    await keepHere(deps, leaving, rebased, stays, log);
  } finally {
    await log.close();
  }
  const { code, message, retryable } = stays.failed;
  return { failure: { code, message, gates: [], findings: [] }, retryable };
}

const filesOf = async (clone: Clone, commit: string): Promise<string[]> =>
  (await changedFiles(clone, await parentOf(clone, commit), commit)).map(({ path }) => path);

/** What people ended while an agent was at it is not published. */
async function requireOpenStep(deps: ActivityDeps, ref: StepRef): Promise<void> {
  cancellation().throwIfAborted();
  if (await persist(deps, ref.run.organisationId, (tx) => isOpen(tx, ref))) return;
  throw new BatonError('step-ended', `${ref.name} was ended before its work was published.`);
}

const isOpen = async (tx: Tx, { run, step }: StepRef): Promise<boolean> =>
  isStepOpen(await stepStatus(tx, run.runId, step));

const tooLate = ({ name }: StepRef, branch: string, commit: string): string =>
  `${name} was ended while its work was being published: ${branch} holds ${commit.slice(0, 10)}.`;
