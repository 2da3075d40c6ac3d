import type { AgentOutcome } from '../../agents/harness.js';
import type { AttemptResult } from '../../domain/work.js';
import { commitWorktree, snapshotWorktree } from '../../git/commit.js';
import { excludedHere } from '../../git/set-up-files.js';
import { pushRef } from '../../git/publish.js';
import type { Worktree } from '../../git/worktree.js';
import type { AgentAnswer } from '../../schema/agent-output.js';
import { recordAttemptCommit, recordLimit, recordQuestion } from './attempt-record.js';
import { changesFrom, commitFacts, leavingOf, type Work } from './attempt-work.js';
import { Breakers } from '../breakers.js';
import type { ActivityDeps } from '../deps.js';
import { failWork, tellLeftOut } from './fail-attempt.js';
import { keepHere, refuseToLeave, type Stays } from './may-leave.js';
import type { RunLog } from '../run-log.js';
import { attemptRef } from '../workspace.js';

/** Where the agent worked, and where it is told what becomes of that. */
interface Place {
  readonly worktree: Worktree;
  readonly log: RunLog;
}

/** Keeps what came of an attempt: the change of an agent that is done, and what one edited that is not. */
export async function keepOutcome(
  deps: ActivityDeps,
  work: Work,
  outcome: AgentOutcome,
  place: Place,
): Promise<AttemptResult> {
  switch (outcome.kind) {
    case 'answered':
      return collect(deps, work, outcome.answer, place);
    case 'asked':
      return keepQuestion(deps, work, outcome.question, place);
    case 'limited':
      return keepLimit(deps, work, outcome, place);
    case 'failed':
      return failWork(deps, work, outcome, place);
  }
}

/** Evidence, not claims: an agent that was to change something has left a change, and Baton commits it. */
async function collect(
  deps: ActivityDeps,
  work: Work,
  answer: AgentAnswer,
  { worktree, log }: Place,
): Promise<AttemptResult> {
  const { request, base } = work;
  if (work.agent.mode(request.action) === 'analysis') return { kind: 'worked', base, commit: null };
  const committed = await commitWorktree(work.checkout.clone, worktree, {
    parent: base,
    ...(request.resolution && { merges: request.resolution.head }),
    ...commitFacts(work, answer.summary),
    holdsSecret: deps.redactor.holds,
  });
  const excluded = await excludedHere(work.checkout.clone, worktree);
  if (excluded.length > 0)
    log.line(`not part of the change, as tools or the set-up made it: ${excluded.slice(0, 20).join(', ')}`);
  if (committed.kind === 'unchanged' && request.optional) return { kind: 'worked', base, commit: null };
  if (committed.kind === 'unchanged') {
    const message = `${work.agent.name} says that it is done, but the tree is as it was`;
    return failWork(deps, work, { code: 'no-change', message, retryable: true }, { worktree: null, log });
  }
  log.line(`committed ${committed.files} file${committed.files === 1 ? '' : 's'} as ${committed.commit.slice(0, 10)}`);
  return keepCommit(deps, work, committed.commit, log);
}

/** An agent that asks has not finished: what it edited so far is what its next attempt begins with. */
async function keepQuestion(
  deps: ActivityDeps,
  work: Work,
  { session, ...question }: Extract<AgentOutcome, { kind: 'asked' }>['question'],
  { worktree, log }: Place,
): Promise<AttemptResult> {
  const { commit, stays } = await keepEdits(deps, work, `it asks ${question.text}`, { worktree, log });
  if (stays) return failWork(deps, work, stays.failed, { worktree: null, log });
  // With the question on record the attempt is over: begun again, it ends with the same.
  await recordQuestion(deps, work.request, { ...question, session }, commit);
  return { kind: 'asked', base: work.base, commit, question };
}

/** At its provider's limit an agent has not failed: it goes on, with what it edited so far, when it may. */
async function keepLimit(
  deps: ActivityDeps,
  work: Work,
  limit: Extract<AgentOutcome, { kind: 'limited' }>,
  { worktree, log }: Place,
): Promise<AttemptResult> {
  const { request, base } = work;
  const { provider, message } = limit;
  const { commit } = await keepEdits(deps, work, `${provider} takes no more for now`, { worktree, log });
  const resumeAtMs = await new Breakers(deps, request, work.agent).limited(limit);
  await recordLimit(deps, request, { code: 'provider-limited', provider, message, resumeAtMs, commit, held: false });
  return { kind: 'limited', base, commit, provider, resumeAtMs };
}

/**
 * What an agent that has not finished edited so far, as a commit that its next attempt begins with; null: nothing, or
 * nothing that may leave this host.
 */
async function keepEdits(
  deps: ActivityDeps,
  work: Work,
  why: string,
  { worktree, log }: Place,
): Promise<{ readonly commit: string | null; readonly stays: Stays | null }> {
  const { request, base, checkout } = work;
  const nothing = { commit: null, stays: null };
  if (work.agent.mode(request.action) !== 'change') return nothing;
  const facts = { ...commitFacts(work, `Unfinished: ${why}`), parent: base, holdsSecret: deps.redactor.holds };
  const { commit, leftOut } = await snapshotWorktree(checkout.clone, worktree, facts);
  tellLeftOut(leftOut, log);
  if (commit === null) return nothing;
  const stays = await refuseToLeave(deps, leavingOf(work), [changesFrom(work), commit]);
  if (stays) {
    await keepHere(deps, leavingOf(work), commit, stays, log);
    return { commit: null, stays };
  }
  await pushRef(checkout.clone, commit, `${attemptRef(request.ref, request.attempt)}-asked`);
  log.line(`kept what it edited so far as ${commit.slice(0, 10)}`);
  return { commit, stays: null };
}

/** Keeps the attempt's commit; one that the agent may not make is no result, and does not leave this host. */
export async function keepCommit(deps: ActivityDeps, work: Work, commit: string, log: RunLog): Promise<AttemptResult> {
  const { request, checkout, base } = work;
  const stays = await refuseToLeave(deps, leavingOf(work), [changesFrom(work), commit]);
  if (stays) {
    await keepHere(deps, leavingOf(work), commit, stays, log);
    return failWork(deps, work, stays.failed, { worktree: null, log });
  }
  await pushRef(checkout.clone, commit, attemptRef(request.ref, request.attempt));
  await recordAttemptCommit(deps, request, commit);
  return { kind: 'worked', base, commit };
}
