import { BatonError } from '../../domain/errors.js';
import type { AttemptRequest, AttemptResult } from '../../domain/work.js';
import { tellDenial } from '../../domain/permissions.js';
import { exclusively } from '../../git/keyed-mutex.js';
import { fetchRef } from '../../git/push.js';
import { SECRET_IN_CHANGE } from '../../git/leave-out-secrets.js';
import { UNFILTERED_CONTENT } from '../../git/unfiltered-content.js';
import { loadAgent } from './attempt-agent.js';
import { openAttempt, recordAttemptCommit, recordLimit } from './attempt-record.js';
import { attemptPurpose, beginsAt, findUnpushedCommit, type Work } from './attempt-work.js';
import { Breakers } from '../breakers.js';
import { cancellation } from '../cancellation.js';
import { openChecklist, withLeftOpen } from './checklist.js';
import { Confinements } from './confinements.js';
import type { ActivityDeps } from '../deps.js';
import { failWork } from './fail-attempt.js';
import { refuseTokens } from './grants.js';
import { keepCommit, keepOutcome } from './keep-outcome.js';
import { letAgentWork } from './let-agent-work.js';
import { refusalOf } from './may-leave.js';
import { isRefusedResult, Refusals } from '../refusals.js';
import { RunLog } from '../run-log.js';
import { attemptRef, checkOut, headOf, requireCommit, withWorktree } from '../workspace.js';

/**
 * One attempt of an agent at its step, in a worktree of its own: set up, let work, collect, commit, keep. Begun again
 * after a crash it finds what is done: its answer or failure in the record, its commit at its ref or left in its
 * worktree. Begun again while this process still has the execution before, it waits for that one's end.
 */
export const runAttempt =
  (deps: ActivityDeps) =>
  (request: AttemptRequest): Promise<AttemptResult> =>
    exclusively(
      `${deps.hostDirectory}/${attemptRef(request.ref, request.attempt)}`,
      async () => withLeftOpen(deps, request, await takeUp(deps, request)),
      cancellation(),
    );

async function takeUp(deps: ActivityDeps, request: AttemptRequest): Promise<AttemptResult> {
  const { ref, attempt, repository, branch, previous } = request;
  const [checkout, agent] = await Promise.all([
    checkOut(deps, ref.run.organisationId, repository.id),
    loadAgent(deps, ref, request.agent),
  ]);
  const mode = agent.mode(request.action);
  const done = await openAttempt(deps, request, previous?.base ?? (await headOf(checkout, branch)), mode);
  if (done.kind === 'ended') return done.result;

  const { base, again } = done;
  const unopened = { request, checkout, agent, base, again };
  if (!again) return begin(deps, unopened);
  const pushed = await fetchRef(checkout.clone, attemptRef(ref, attempt));
  if (pushed !== null) {
    await recordAttemptCommit(deps, request, pushed);
    return { kind: 'worked', base, commit: pushed };
  }
  const unpushed = await findUnpushedCommit(deps, unopened);
  if (unpushed === null) return begin(deps, unopened);
  const log = await RunLog.open(deps, ref, attempt, 'agent.log');
  try {
    return await keepCommit(deps, { ...unopened, checklist: [], checkpoint: null }, unpushed, log);
  } finally {
    await log.close();
  }
}

async function begin(deps: ActivityDeps, work: Parameters<typeof openChecklist>[1]): Promise<AttemptResult> {
  const { request, agent, base, again } = work;
  // One that is begun again was let through.
  const held = again ? null : await new Breakers(deps, request, agent).ask();
  if (held === null) return workIn(deps, { ...work, ...(await openChecklist(deps, work)) });
  const { by, untilMs: resumeAtMs, reason: message } = held;
  const code = by.kind === 'agent' ? 'agent-held-back' : 'provider-limited';
  await recordLimit(deps, request, { code, provider: by.name, message, resumeAtMs, commit: null, held: true });
  return { kind: 'limited', base, commit: null, provider: by.name, resumeAtMs, held: true };
}

/** What its agent can do better in another attempt. */
const MENDED_BY_AGENT = [
  'nested-repository',
  'output-invalid',
  'output-too-large',
  SECRET_IN_CHANGE,
  UNFILTERED_CONTENT,
];

async function workIn(deps: ActivityDeps, work: Work): Promise<AttemptResult> {
  const { request, checkout } = work;
  const { ref, attempt } = request;
  const commit = beginsAt(work);
  await requireCommit(checkout, ref, commit);
  const log = await RunLog.open(deps, ref, attempt, 'agent.log');
  const refusals = new Refusals(deps, request, log);
  const confinements = new Confinements(deps, request);
  const watched = { ...deps, execute: confinements.watching(refusals.watching(deps.execute)) };
  const use = { ref, purpose: attemptPurpose(request), commit };
  try {
    const spent = await refuseTokens(deps, request);
    if (spent) {
      refusals.note({ kind: 'permission', ...refusalOf(spent) });
      const message = `${request.agent.name} is denied another attempt: ${tellDenial(spent)}. Raise the limit, or give the step to another agent.`;
      return await failWork(deps, work, { code: 'denied', message, retryable: false }, { worktree: null, log });
    }
    return await withWorktree(deps, checkout, use, async (worktree, home) => {
      try {
        const outcome = await letAgentWork(watched, work, { worktree, home, log });
        return await keepOutcome(deps, work, outcome, { worktree, log });
      } catch (error) {
        if (!(error instanceof BatonError) || error.retryable) throw error;
        const { code } = error;
        const message = deps.redactor.text(error.message);
        const retryable = MENDED_BY_AGENT.includes(code);
        if (isRefusedResult(code)) refusals.note({ kind: 'result', what: message, details: { code } });
        return failWork(deps, work, { code, message, retryable }, { worktree, log });
      }
    });
  } finally {
    await Promise.all([refusals.settled(), confinements.settled()]);
    await log.close();
  }
}
