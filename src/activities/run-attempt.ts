import { CODING_PROGRAMS } from '../agents/coding-programs.js';
import { findHarness } from '../agents/find-harness.js';
import { returnFailure, type AgentOutcome, type AgentRequest } from '../agents/harness.js';
import { nextItem } from '../domain/checklist.js';
import { BatonError } from '../domain/errors.js';
import type { AttemptRequest, AttemptResult } from '../domain/work.js';
import { pickOutput, stepOutput } from '../domain/output.js';
import { tellDenial } from '../domain/permissions.js';
import { branchHead } from '../git/clone.js';
import { commitWorktree, snapshotWorktree } from '../git/commit.js';
import { mergeBase } from '../git/merge-base.js';
import { fetchRef } from '../git/push.js';
import { pushRef } from '../git/publish.js';
import { equipWithThrowAwayGit, objectsOf } from '../git/throw-away-git.js';
import type { Worktree } from '../git/worktree.js';
import { exclusively } from '../git/keyed-mutex.js';
import type { AgentAnswer } from '../schema/agent-output.js';
import { loadAgent, openSession } from './attempt-agent.js';
import { Breakers } from './breakers.js';
import { openChecklist, withLeftOpen } from './checklist.js';
import { AttemptOutput } from './attempt-output.js';
import {
  openAttempt,
  recordAnswer,
  recordAttemptCommit,
  recordExecution,
  recordLimit,
  recordQuestion,
} from './attempt-record.js';
import {
  attemptPurpose,
  beginningOf,
  beginsAt,
  commitFacts,
  findUnpushedCommit,
  leavingOf,
  type Work,
} from './attempt-work.js';
import { instructionsFor } from '../schema/role-instructions.js';
import { checkSchema } from './check-schema.js';
import { cancellation } from './cancellation.js';
import { Confinements } from './confinements.js';
import type { ActivityDeps } from './deps.js';
import { collectFacts } from './facts/collect-facts.js';
import { failWork } from './fail-attempt.js';
import { refuseTokens } from './grants.js';
import { TreeKeeper } from './keep-tree.js';
import { LiveChecklist } from './live-checklist.js';
import { keepHere, refusalOf, refuseToLeave, type Stays } from './may-leave.js';
import { requireReach, worktreePolicy } from './policies.js';
import { prepareWorktree, repositoryConfig } from './prepare-worktree.js';
import { isRefusedResult, Refusals } from './refusals.js';
import { resolveReferences } from './resolve-references.js';
import { findRelevantFiles } from './relevant-files.js';
import { RunLog } from './run-log.js';
import { SERVICES_BY_NAME } from './services/index.js';
import { sessionFiles } from './session-files.js';
import { closeTools, hasAsked, hasNoMoreToSay, openTools, reported, reportOf } from './step-tools.js';
import { WorkInProgress } from './work-in-progress.js';
import { attemptRef, checkOut, headOf, requireCommit, withWorktree, type Checkout } from './workspace.js';

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
  const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
  const agent = await loadAgent(deps, ref, request.agent);
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
        const outcome = await letWork(watched, work, worktree, home, log);
        if (outcome.kind === 'failed') return await failWork(deps, work, outcome, { worktree, log });
        if (outcome.kind === 'asked') return await keepQuestion(deps, work, outcome.question, worktree, log);
        if (outcome.kind === 'limited') return await keepLimit(deps, work, outcome, worktree, log);
        return await collect(deps, work, outcome.answer, worktree, log);
      } catch (error) {
        if (!(error instanceof BatonError) || error.retryable) throw error;
        const { code, message } = error;
        const retryable = ['nested-repository', 'output-invalid', 'output-too-large'].includes(code);
        if (isRefusedResult(code)) refusals.note({ kind: 'result', what: message, details: { code } });
        return failWork(deps, work, { code, message, retryable }, { worktree, log });
      }
    });
  } finally {
    await Promise.all([refusals.settled(), confinements.settled()]);
    await log.close();
  }
}

/** Of agents that do nothing in the worktree: it need not be made ready for them. */
const WITHOUT_TREE: readonly string[] = ['rule', 'api', 'action'];

async function letWork(
  deps: ActivityDeps,
  work: Work,
  worktree: Worktree,
  home: string,
  log: RunLog,
): Promise<AgentOutcome> {
  const { request, checkout, agent, base } = work;
  const { action, issue, repository, attempt, previous, ref, sandbox } = request;
  const mode = agent.mode(action);
  const signal = cancellation();
  requireReach(agent, sandbox);
  const params = await resolveReferences(deps, request);
  checkSchema(agent.inputSchema(action), params, `The input of ${ref.name}`, 'input-invalid');

  const objects = await equipWithThrowAwayGit(
    checkout.clone,
    worktree,
    deps.isolation === 'off' ? objectsOf(checkout.clone) : undefined,
  );
  const policy = worktreePolicy(worktree, home, { writable: mode === 'change', readOnly: [objects], sandbox });
  const config = await repositoryConfig(checkout, log);
  const commit = beginsAt(work);
  if (!WITHOUT_TREE.includes(agent.adapter))
    await prepareWorktree(deps, { ref, attempt, checkout, worktree, commit, config, policy, log, signal });
  log.line(
    `${agent.name} (${agent.adapter}) begins ${action} on ${repository.name} at ${commit.slice(0, 10)}, attempt ${attempt}; network: none; sandbox: ${deps.isolation}`,
  );
  const tree = new TreeKeeper(deps, work, worktree);
  const checklist = new LiveChecklist(deps, work, tree, log);
  const output = new AttemptOutput(deps, request, log);
  const breakers = new Breakers(deps, request, agent);
  const session = await openSession(deps, request);
  await recordExecution(deps, request, beginningOf(work, session));
  const files = sessionFiles(deps, request, session);
  const isCoding = agent.adapter === 'acp' || CODING_PROGRAMS.some(({ name }) => name === agent.adapter);
  const asked: AgentRequest = {
    action: agent.asked(action),
    mode,
    params,
    instructions: instructionsFor(agent.roles, agent.asked(action)),
    issue,
    repository: repository.name,
    attempt,
    base: await changeBase(checkout, base),
    failure: previous?.failure ? returnFailure(previous.failure) : null,
    session: session?.name ?? null,
    told: session?.step === ref.step && session.item === ref.item,
    answers: request.answers,
    ...(isCoding && { files: await findRelevantFiles(deps, request, { clone: checkout.clone, commit, log }) }),
    checklist: { items: work.checklist, next: nextItem(work.checklist) },
  };
  const harness = (await hasAsked(deps, work)) ? hasNoMoreToSay(session) : findHarness(agent.adapter);
  const progress = new WorkInProgress({
    tree: mode === 'change' ? tree : null,
    keepConversation: (conversation) => files.keep(conversation),
    log,
  });
  const working = harness.run(agent.entry, asked, {
    execute: deps.execute,
    isolation: deps.isolation,
    policy,
    ...(sandbox && { sandbox }),
    ...(request.contextTokens !== undefined && { contextTokens: request.contextTokens }),
    timeoutMs: request.timeoutMs,
    signal,
    startedBefore: work.again,
    idempotencyKey: attemptRef(ref, attempt),
    secrets: deps.environment,
    facts: () => collectFacts(deps, checkout, commit, config),
    serve: (service, params) =>
      SERVICES_BY_NAME[service](deps, {
        ...{ request, params, checkout, commit, worktree, policy, config, signal },
        log: (line) => log.line(line),
      }),
    openTools: () => openTools(deps, request),
    told: ({ tokens, leftOut, cut }) => deps.onTold?.(tokens, leftOut.length + cut.length),
    checklist,
    session: files,
    progress,
    event: (event) => {
      output.event(event);
      breakers.event(event);
    },
    raw: output.raw,
    log: (line) => log.line(line),
  });
  const said = await working.finally(() =>
    Promise.all([progress.stop(), checklist.settled(), output.close(), closeTools(deps, request)]),
  );
  const outcome = deps.redactor.strings(reported(await reportOf(deps, request), said));
  signal.throwIfAborted();
  if (outcome.kind === 'failed') log.line(`${agent.name} failed: ${outcome.message}`);
  else if (outcome.kind === 'asked') log.line(`${agent.name} asks: ${outcome.question.text}`);
  else if (outcome.kind === 'limited') log.line(`${outcome.provider} takes no more for now: ${outcome.message}`);
  else {
    checkSchema(agent.outputSchema(action), outcome.answer.output, `The output of ${ref.name}`, 'output-invalid');
    // Now, while another attempt can still do better: once the work is published it is too late.
    pickOutput(stepOutput(outcome.answer, commit), request.reads);
    log.line(`${agent.name} is done: ${outcome.answer.summary}`);
  }
  await breakers.ended(outcome);
  await recordAnswer(deps, request, commit, outcome);
  return outcome;
}

/** What the whole change of the run is against: where its branch left the default branch. */
async function changeBase({ clone, repository }: Checkout, head: string): Promise<string> {
  const landed = await branchHead(clone, repository.defaultBranch);
  return (landed && (await mergeBase(clone, landed, head))) ?? head;
}

/** Evidence, not claims: an agent that was to change something has left a change, and Baton commits it. */
async function collect(
  deps: ActivityDeps,
  work: Work,
  answer: AgentAnswer,
  worktree: Worktree,
  log: RunLog,
): Promise<AttemptResult> {
  const { request, base } = work;
  if (work.agent.mode(request.action) === 'analysis') return { kind: 'worked', base, commit: null };
  const committed = await commitWorktree(work.checkout.clone, worktree, {
    parent: base,
    ...commitFacts(work, answer.summary),
  });
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
  worktree: Worktree,
  log: RunLog,
): Promise<AttemptResult> {
  const { commit, stays } = await keepEdits(deps, work, `it asks ${question.text}`, worktree, log);
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
  worktree: Worktree,
  log: RunLog,
): Promise<AttemptResult> {
  const { request, base } = work;
  const { provider, message } = limit;
  const { commit } = await keepEdits(deps, work, `${provider} takes no more for now`, worktree, log);
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
  worktree: Worktree,
  log: RunLog,
): Promise<{ readonly commit: string | null; readonly stays: Stays | null }> {
  const { request, base, checkout } = work;
  const nothing = { commit: null, stays: null };
  if (work.agent.mode(request.action) !== 'change') return nothing;
  const facts = { ...commitFacts(work, `Unfinished: ${why}`), parent: base };
  const saved = await snapshotWorktree(checkout.clone, worktree, facts);
  if (saved.kind === 'unchanged') return nothing;
  const stays = await refuseToLeave(deps, leavingOf(work), [base, saved.commit]);
  if (stays) {
    await keepHere(deps, leavingOf(work), saved.commit, stays, log);
    return { commit: null, stays };
  }
  await pushRef(checkout.clone, saved.commit, `${attemptRef(request.ref, request.attempt)}-asked`);
  log.line(`kept what it edited so far as ${saved.commit.slice(0, 10)}`);
  return { commit: saved.commit, stays: null };
}

/** Keeps the attempt's commit; one that the agent may not make is no result, and does not leave this host. */
async function keepCommit(deps: ActivityDeps, work: Work, commit: string, log: RunLog): Promise<AttemptResult> {
  const { request, checkout, base } = work;
  const stays = await refuseToLeave(deps, leavingOf(work), [base, commit]);
  if (stays) {
    await keepHere(deps, leavingOf(work), commit, stays, log);
    return failWork(deps, work, stays.failed, { worktree: null, log });
  }
  await pushRef(checkout.clone, commit, attemptRef(request.ref, request.attempt));
  await recordAttemptCommit(deps, request, commit);
  return { kind: 'worked', base, commit };
}
