import { recordOwnPush } from '../db/pushes.js';
import type { RunRef } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

/**
 * Says whose a push will be, before it is made: it starts none of the pipelines that led to it, however soon it is seen
 * and whatever happens to this worker.
 */
export const announcePush = (
  deps: ActivityDeps,
  run: RunRef,
  repositoryId: string,
  branch: string,
  commit: string,
): Promise<void> =>
  persist(deps, run.organisationId, (tx) =>
    recordOwnPush(tx, { organisationId: run.organisationId, repositoryId, branch, commit, runId: run.runId }),
  );
