import { Context } from '@temporalio/activity';
import { findHarness } from '../agents/find-harness.js';
import type { AgentOutcome } from '../agents/harness.js';
import type { AttemptFailure } from '../domain/attempt.js';
import { BatonError } from '../domain/errors.js';
import { TRAILER } from '../domain/trailer.js';
import type { AttemptRequest, AttemptResult } from '../domain/work.js';
import { commitWorktree } from '../git/commit.js';
import { mergeBase } from '../git/merge-base.js';
import { fetchRef } from '../git/push.js';
import { pushRef } from '../git/publish.js';
import { equipWithThrowAwayGit, objectsOf } from '../git/throw-away-git.js';
import { worktreeGit, type Worktree } from '../git/worktree.js';
import { git } from '../git/git.js';
import type { AgentAnswer } from '../schema/agent-output.js';
import {
  isAnalysis,
  loadAgent,
  openAttempt,
  recordAnswer,
  recordAttemptCommit,
  recordAttemptFailure,
  type AgentRow,
} from './attempt-record.js';
import { checkSchema } from './check-schema.js';
import type { ActivityDeps } from './deps.js';
import { worktreePolicy } from './policies.js';
import { prepareWorktree, repositoryConfig } from './prepare-worktree.js';
import { RunLog } from './run-log.js';
import { attemptRef, checkOut, headOf, requireCommit, withWorktree, type Checkout } from './workspace.js';

/**
 * One attempt of an agent at its step, in a worktree of its own: set up, let work, collect, commit, keep. Begun again
 * after a crash it finds what is done: its answer in the record, its commit at its ref.
 */
export const runAttempt =
  (deps: ActivityDeps) =>
  async (request: AttemptRequest): Promise<AttemptResult> => {
    const { ref, attempt, repository, branch, previous } = request;
    const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
    const base = previous?.base ?? (await headOf(checkout, branch));
    const agent = await loadAgent(deps, ref, request.agent.id);
    const done = await openAttempt(deps, request, base);
    if (done.kind === 'ended') return done.result;

    const ownCommit = await fetchRef(checkout.clone, attemptRef(ref, attempt));
    if (ownCommit !== null) {
      await recordAttemptCommit(deps, request, ownCommit);
      return { kind: 'worked', base: done.base, commit: ownCommit };
    }
    return workIn(deps, { request, checkout, agent, base: done.base });
  };

interface Work {
  readonly request: AttemptRequest;
  readonly checkout: Checkout;
  readonly agent: AgentRow;
  readonly base: string;
}

async function workIn(deps: ActivityDeps, work: Work): Promise<AttemptResult> {
  const { request, checkout, base } = work;
  const { ref, attempt, previous } = request;
  const start = previous?.commit ?? base;
  await requireCommit(checkout, ref, start);
  const log = await RunLog.open(deps, ref, attempt, 'agent.log');
  try {
    return await withWorktree(deps, checkout, { ref, purpose: `${attempt}`, commit: start }, async (worktree, home) => {
      try {
        const outcome = await letWork(deps, work, worktree, home, log);
        if (outcome.kind === 'failed') return await fail(deps, work, outcome, outcome.retryable, worktree);
        return await collect(deps, work, outcome.answer, worktree, log);
      } catch (error) {
        if (!(error instanceof BatonError) || error.retryable) throw error;
        const mendable = error.code === 'nested-repository' || error.code === 'output-invalid';
        return fail(deps, work, error, mendable, worktree);
      }
    });
  } finally {
    await log.close();
  }
}

async function letWork(
  deps: ActivityDeps,
  { request, checkout, agent, base }: Work,
  worktree: Worktree,
  home: string,
  log: RunLog,
): Promise<AgentOutcome> {
  const { action, params, issue, repository, attempt, previous, ref } = request;
  const mode = isAnalysis(action) ? 'analysis' : 'change';
  const signal = Context.current().cancellationSignal;
  checkSchema(agent.inputSchema(action), params, `The input of ${ref.name}`, 'input-invalid');

  const objects = await equipWithThrowAwayGit(
    checkout.clone,
    worktree,
    deps.isolation === 'off' ? objectsOf(checkout.clone) : undefined,
  );
  const policy = worktreePolicy(worktree, home, { writable: mode === 'change', readOnly: [objects] });
  const config = await repositoryConfig(checkout, log);
  const commit = await git(['rev-parse', 'HEAD'], worktreeGit(checkout.clone, worktree));
  await prepareWorktree(deps, { ref, attempt, checkout, worktree, commit, config, policy, log, signal });
  log.line(
    `${agent.name} (${agent.adapter}) begins ${action} on ${repository.name} at ${commit.slice(0, 10)}, attempt ${attempt}; network: none; sandbox: ${deps.isolation}`,
  );
  const outcome = await findHarness(agent.adapter).run(
    agent.entry,
    {
      action,
      mode,
      params,
      issue,
      repository: repository.name,
      attempt,
      base: await changeBase(checkout, base),
      failure: previous?.failure ?? null,
    },
    {
      execute: deps.execute,
      isolation: deps.isolation,
      policy,
      timeoutMs: request.timeoutMs,
      signal,
      log: (line) => log.line(line),
    },
  );
  signal.throwIfAborted();
  if (outcome.kind === 'failed') log.line(`${agent.name} failed: ${outcome.message}`);
  else {
    checkSchema(agent.outputSchema(action), outcome.answer.output, `The output of ${ref.name}`, 'output-invalid');
    log.line(`${agent.name} is done: ${outcome.answer.summary}`);
  }
  await recordAnswer(deps, request, commit, outcome);
  return outcome;
}

/** What the whole change of the run is against: where its branch left the default branch. */
const changeBase = async ({ clone, repository }: Checkout, head: string): Promise<string> =>
  (await mergeBase(clone, `refs/remotes/origin/${repository.defaultBranch}`, head)) ?? head;

/** Evidence, not claims: an agent that was to change something has left a change, and Baton commits it. */
async function collect(
  deps: ActivityDeps,
  work: Work,
  answer: AgentAnswer,
  worktree: Worktree,
  log: RunLog,
): Promise<AttemptResult> {
  const { request, base } = work;
  if (isAnalysis(request.action)) return { kind: 'worked', base, commit: null };
  const committed = await commitWorktree(work.checkout.clone, worktree, {
    parent: base,
    ...commitFacts(work, answer.summary),
  });
  if (committed.kind === 'unchanged') {
    const message = `${work.agent.name} says that it is done, but the tree is as it was`;
    return fail(deps, work, { code: 'no-change', message }, true, null);
  }
  await pushRef(work.checkout.clone, committed.commit, attemptRef(request.ref, request.attempt));
  await recordAttemptCommit(deps, request, committed.commit);
  log.line(`committed ${committed.files} file${committed.files === 1 ? '' : 's'} as ${committed.commit.slice(0, 10)}`);
  return { kind: 'worked', base, commit: committed.commit };
}

function commitFacts({ request, agent }: Work, summary: string) {
  const { ref, attempt, startedAtMs } = request;
  const { run } = ref;
  const about = run.issue
    ? `${ref.name}: ${run.issue.title} (#${run.issue.number})`
    : `${ref.name}: ${run.pipeline} #${run.number}`;
  return {
    message: summary === '' ? about : `${about}\n\n${summary}`,
    trailers: {
      [TRAILER.run]: run.runId,
      [TRAILER.step]: ref.step,
      ...(ref.item !== null && { [TRAILER.item]: String(ref.item) }),
      [TRAILER.attempt]: String(attempt),
      ...(run.taskId !== null && { [TRAILER.task]: run.taskId }),
      ...(run.issue && { [TRAILER.issue]: `#${run.issue.number}` }),
      [TRAILER.agent]: agent.name,
      [TRAILER.requestedBy]: run.requestedBy,
    },
    author: { name: agent.name, email: `${agent.name}@agents.baton` },
    dateMs: startedAtMs,
  };
}

/** Records a failed attempt; what it had edited so far is kept at a ref of its own. */
async function fail(
  deps: ActivityDeps,
  work: Work,
  { code, message }: { code: string; message: string },
  retryable: boolean,
  worktree: Worktree | null,
): Promise<AttemptResult> {
  const failure: AttemptFailure = { code, message, gates: [], findings: [] };
  if (worktree && code !== 'nested-repository' && !isAnalysis(work.request.action)) {
    const { clone } = work.checkout;
    const saved = await commitWorktree(clone, worktree, {
      ...commitFacts(work, `Unfinished: ${message}`),
      parent: work.base,
    });
    if (saved.kind === 'committed')
      await pushRef(
        clone,
        saved.commit,
        `refs/baton/unfinished/${work.request.ref.run.runId}/${work.request.ref.step}/${work.request.attempt}/${saved.commit}`,
      );
  }
  await recordAttemptFailure(deps, work.request, failure);
  return { kind: 'failed', base: work.base, failure, retryable };
}
