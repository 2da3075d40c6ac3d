import type { Publication, PublishRequest } from '../domain/work.js';
import { publishToBranch, pushRef } from '../git/publish.js';
import type { ActivityDeps } from './deps.js';
import { checkOut, requireCommit } from './workspace.js';

/** Puts a proved commit on the run's branch. Where the branch has moved the rebased commit is kept for its gates. */
export const publishCommit =
  (deps: ActivityDeps) =>
  async ({ ref, repository, branch, commit }: PublishRequest): Promise<Publication> => {
    const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
    await requireCommit(checkout, ref, commit);
    const { clone, repository: own } = checkout;
    const publication = await publishToBranch(clone, commit, branch, { protectedBranches: own.protectedBranches });
    if (publication.kind === 'moved') {
      await pushRef(clone, publication.rebased, `refs/baton/attempts/${ref.run.runId}/rebased/${publication.rebased}`);
    }
    return publication;
  };
