import type { AttemptFailure } from '../../domain/attempt.js';
import { tellPaths } from '../../domain/permissions.js';
import type { AttemptResult } from '../../domain/work.js';
import { snapshotWorktree } from '../../git/commit.js';
import { git } from '../../git/git.js';
import { pushRef } from '../../git/publish.js';
import type { Worktree } from '../../git/worktree.js';
import { recordAttemptFailure } from './attempt-record.js';
import { commitFacts, leavingOf, type Work } from './attempt-work.js';
import type { ActivityDeps } from '../deps.js';
import { keepHere, refuseToLeave, unfinishedRef } from './may-leave.js';
import { setAside } from '../rescue.js';
import type { RunLog } from '../run-log.js';

export interface Failed {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** Records a failed attempt; what it had edited so far is kept. No worktree: there is nothing to keep. */
export async function failWork(
  deps: ActivityDeps,
  work: Work,
  { code, message, retryable }: Failed,
  { worktree, log }: { readonly worktree: Worktree | null; readonly log: RunLog },
): Promise<AttemptResult> {
  const failure: AttemptFailure = { code, message, gates: [], findings: [] };
  if (worktree && work.agent.mode(work.request.action) === 'change')
    await keepUnfinished(deps, work, message, worktree, log);
  await recordAttemptFailure(deps, work.request, failure, retryable);
  return { kind: 'failed', base: work.base, failure, retryable };
}

/** Whatever comes in the way of keeping it properly: the agent has failed, and is not started again for that. */
async function keepUnfinished(
  deps: ActivityDeps,
  work: Work,
  message: string,
  worktree: Worktree,
  log: RunLog,
): Promise<void> {
  const { request, checkout } = work;
  const { clone } = checkout;
  try {
    const holdsSecret = deps.redactor.holds;
    const facts = { ...commitFacts(work, `Unfinished: ${message}`), parent: work.base, holdsSecret };
    const { commit, leftOut } = await snapshotWorktree(clone, worktree, facts);
    tellLeftOut(leftOut, log);
    if (commit === null) return;
    const stays = await refuseToLeave(deps, leavingOf(work), [work.base, commit]);
    if (stays) {
      await keepHere(deps, leavingOf(work), commit, stays, log);
      return;
    }
    const ref = unfinishedRef(request, commit);
    await git(['update-ref', ref, commit], { gitDir: clone.gitDir });
    await pushRef(clone, commit, ref).catch((error: unknown) =>
      deps.log.warn({ err: error, ref }, 'an unfinished change could not be pushed; it is kept in the clone'),
    );
  } catch (error) {
    const kept = await setAside(deps, worktree, error);
    log.line(`what was edited so far could not be committed; it is kept on ${deps.host} as the folder ${kept}`);
  }
}

/** Says which files are not kept, as they hold a secret. */
export function tellLeftOut(paths: readonly string[], log: Pick<RunLog, 'line'>): void {
  if (paths.length > 0) log.line(`not kept, for it holds a secret of the worker: ${tellPaths(paths)}`);
}
