import type { Tx } from '../db/connection.js';
import { stepStatus } from '../db/steps.js';
import { addToTask } from '../db/tasks.js';
import { BatonError } from '../domain/errors.js';
import { isStepOpen } from '../domain/run-state.js';
import type { Publication, PublishRequest, StepRef } from '../domain/work.js';
import { parentOf, type Clone } from '../git/clone.js';
import { changedFiles } from '../git/diff.js';
import { publishToBranch, pushRef } from '../git/publish.js';
import { warn } from './attempt-record.js';
import { announcePush } from './announce-push.js';
import { cancellation } from './cancellation.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { openCheckout, requireCommit } from './workspace.js';

/** Puts a proved commit on the run's branch. Where the branch has moved the rebased commit is kept for its gates. */
export const publishCommit =
  (deps: ActivityDeps) =>
  async ({ ref, repository, branch, commit }: PublishRequest): Promise<Publication> => {
    // Whether the branch has moved is the push's to find out.
    const checkout = await openCheckout(deps, ref.run.organisationId, repository.id);
    await requireCommit(checkout, ref, commit);
    const { clone, repository: own } = checkout;
    await requireOpenStep(deps, ref);
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
    if (publication.kind === 'moved') {
      await pushRef(clone, publication.rebased, `refs/baton/attempts/${ref.run.runId}/rebased/${publication.rebased}`);
    }
    return publication;
  };

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
