import { addToTask } from '../db/tasks.js';
import type { Publication, PublishRequest } from '../domain/work.js';
import { changedPaths } from '../git/diff.js';
import { publishToBranch, pushRef } from '../git/publish.js';
import { announcePush } from './announce-push.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { checkOut, requireCommit } from './workspace.js';

/** Puts a proved commit on the run's branch. Where the branch has moved the rebased commit is kept for its gates. */
export const publishCommit =
  (deps: ActivityDeps) =>
  async ({ ref, repository, branch, commit }: PublishRequest): Promise<Publication> => {
    const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
    await requireCommit(checkout, ref, commit);
    const { clone, repository: own } = checkout;
    await announcePush(deps, ref.run, own.id, branch, commit);
    const publication = await publishToBranch(clone, commit, branch, { protectedBranches: own.protectedBranches });
    const { organisationId, taskId } = ref.run;
    if (publication.kind === 'published' && taskId !== null) {
      const files = await changedPaths(clone, `${publication.commit}^`, publication.commit);
      await persist(deps, organisationId, (tx) => addToTask(tx, taskId, publication.commit, files));
    }
    if (publication.kind === 'moved') {
      await pushRef(clone, publication.rebased, `refs/baton/attempts/${ref.run.runId}/rebased/${publication.rebased}`);
    }
    return publication;
  };
