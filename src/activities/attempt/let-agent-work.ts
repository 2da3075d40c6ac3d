import type { AgentEvent } from '../../agents/agent-event.js';
import { findHarness } from '../../agents/find-harness.js';
import type { AgentContext, AgentOutcome } from '../../agents/harness.js';
import { pricingOf, type Pricing } from '../../agents/list-price.js';
import { asPattern, cachePatterns } from '../../domain/cache-patterns.js';
import { pickOutput, stepOutput } from '../../domain/output.js';
import { branchHead } from '../../git/clone.js';
import { excludeFromChange, noteSetUp, trackedPaths } from '../../git/set-up-files.js';
import { equipWithThrowAwayGit, objectsOf, type VisibleBranch } from '../../git/throw-away-git.js';
import type { Worktree } from '../../git/worktree.js';
import type { ReadOnlyBind } from '../../sandbox/policy.js';
import { openSession } from './attempt-agent.js';
import { tellAskedVersions } from './asked-versions.js';
import { AttemptOutput } from './attempt-output.js';
import { recordAnswer, recordExecution } from './attempt-record.js';
import { beginningOf, beginsAt, type Work } from './attempt-work.js';
import { Breakers } from '../breakers.js';
import { cancellation } from '../cancellation.js';
import { checkSchema } from './check-schema.js';
import type { ActivityDeps } from '../deps.js';
import { collectFacts } from '../facts/collect-facts.js';
import { TreeKeeper } from './keep-tree.js';
import { LiveChecklist } from './live-checklist.js';
import { requireReach, worktreePolicy } from '../policies.js';
import { prepareWorktree, repositoryConfig } from '../prepare-worktree.js';
import { isCodingAgent, requestOf } from './request-of.js';
import { resolveReferences } from './resolve-references.js';
import { ReviewEvidence } from './review-evidence.js';
import type { RunLog } from '../run-log.js';
import { SERVICES_BY_NAME } from '../services/index.js';
import { sessionFiles } from './session-files.js';
import { closeTools, hasAsked, hasNoMoreToSay, openTools, reported, reportOf } from './step-tools.js';
import { WorkInProgress } from './work-in-progress.js';
import { attemptRef, type Checkout } from '../workspace.js';

/** Where the agent works. */
interface Place {
  readonly worktree: Worktree;
  readonly home: string;
  readonly log: RunLog;
}

type UsageEvent = Extract<AgentEvent, { type: 'usage' }>;

/** Makes the worktree ready, lets the agent work in it, watched and kept, and records how it ended. */
export async function letAgentWork(deps: ActivityDeps, work: Work, place: Place): Promise<AgentOutcome> {
  const { request, agent } = work;
  const { worktree, log } = place;
  requireReach(agent, request.sandbox);
  const params = await resolveReferences(deps, request);
  checkSchema(agent.inputSchema(request.action), params, `The input of ${request.ref.name}`, 'input-invalid');
  const ground = await makeReady(deps, work, place);

  const tree = new TreeKeeper(deps, work, worktree);
  const checklist = new LiveChecklist(deps, work, tree, log);
  const output = new AttemptOutput(deps, request, log);
  const breakers = new Breakers(deps, request, agent);
  const session = await openSession(deps, request);
  const files = sessionFiles(deps, request, session);
  const [asked] = await Promise.all([
    requestOf(deps, work, { params, session, log }),
    recordExecution(deps, request, beginningOf(work, session)),
  ]);
  const harness = (await hasAsked(deps, work)) ? hasNoMoreToSay(session) : findHarness(agent.adapter);
  const progress = new WorkInProgress({
    tree: agent.mode(request.action) === 'change' ? tree : null,
    keepConversation: (conversation) => files.keep(conversation),
    log,
  });
  const pricing = pricingOf(agent.adapter, agent.entry);
  const evidence = new ReviewEvidence(asked);
  const working = harness.run(agent.entry, asked, {
    ...contextOf(deps, work, ground, log),
    checklist,
    session: files,
    progress,
    event: (event) => {
      output.event(event.type === 'usage' ? withListPrice(event, pricing) : event);
      breakers.event(event);
      evidence.see(event);
    },
    told: ({ tokens, leftOut, cut, diffs }) => {
      deps.onTold?.(tokens, leftOut.length + cut.length);
      evidence.told(diffs);
    },
    raw: output.raw,
  });
  const said = await working.finally(() =>
    Promise.all([progress.stop(), checklist.settled(), output.close(), closeTools(deps, request)]),
  );
  const ended = deps.redactor.strings(reported(await reportOf(deps, request), said));
  const outcome = isCodingAgent(agent) ? evidence.judge(ended) : ended;
  ground.signal.throwIfAborted();
  judge(work, outcome, log);
  await breakers.ended(outcome);
  await recordAnswer(deps, request, beginsAt(work), outcome, outcome.usage && pricing(outcome.usage));
  return outcome;
}

/** A usage as it is kept: with a list price where the program reports no cost. */
function withListPrice(event: UsageEvent, pricing: Pricing): UsageEvent {
  const listPrice = pricing(event);
  const { models: _models, ...usage } = event;
  return listPrice ? { ...usage, listPrice } : usage;
}

/** Of agents that do nothing in the worktree: it need not be made ready for them. */
const WITHOUT_TREE: readonly string[] = ['rule', 'api', 'action'];

type Ground = Awaited<ReturnType<typeof makeReady>>;

async function makeReady(deps: ActivityDeps, work: Work, { worktree, home, log }: Place) {
  const { request, checkout, agent } = work;
  const { action, repository, attempt, ref, sandbox } = request;
  const signal = cancellation();
  const { clone } = checkout;
  const config = await repositoryConfig(checkout, log);
  const known = cachePatterns(await trackedPaths(clone, worktree));
  const excluded = [...known, ...(config.setup?.cache ?? []).map(asPattern)];
  await excludeFromChange(clone, worktree, excluded);
  const branches = await baseBranch(checkout);
  const equip = (patterns: readonly string[]): Promise<ReadOnlyBind> =>
    equipWithThrowAwayGit(clone, worktree, {
      ...{ branches, excluded: patterns },
      ...(deps.isolation === 'off' && { objectsPath: objectsOf(clone) }),
    });
  const objects = await equip(excluded);
  const writable = agent.mode(action) === 'change';
  const policy = worktreePolicy(worktree, home, {
    ...{ writable, readOnly: [objects], sandbox, isolation: deps.isolation },
  });
  const commit = beginsAt(work);
  if (!WITHOUT_TREE.includes(agent.adapter)) {
    await tellAskedVersions(deps, checkout, policy, log);
    const preparation = {
      ...{ purpose: 'agent' as const, ref, attempt, checkout, worktree, commit, config, policy, log, signal },
    };
    const made = await prepareWorktree(deps, preparation);
    // Also where it only looks: its `git status` shows the change and nothing else.
    if (made) await equip(await noteSetUp(clone, worktree, [...excluded, ...made]));
  }
  log.line(
    `${agent.name} (${agent.adapter}) begins ${action} on ${repository.name} at ${commit.slice(0, 10)}, attempt ${attempt}; network: none; sandbox: ${deps.isolation}`,
  );
  return { worktree, policy, config, commit, signal };
}

/** The default branch, so that `git diff main...HEAD` works inside. */
async function baseBranch({ clone, repository }: Checkout): Promise<readonly VisibleBranch[]> {
  const commit = await branchHead(clone, repository.defaultBranch);
  return commit === null ? [] : [{ name: repository.defaultBranch, commit }];
}

type Kept = 'checklist' | 'session' | 'progress' | 'event' | 'told' | 'raw';

/** What an agent may use, but for what is kept of it. */
function contextOf(deps: ActivityDeps, work: Work, ground: Ground, log: RunLog): Omit<AgentContext, Kept> {
  const { request, checkout, again } = work;
  const { worktree, policy, config, commit, signal } = ground;
  const { ref, attempt, sandbox, contextTokens, timeoutMs } = request;
  const line = (text: string): void => log.line(text);
  return {
    ...{ execute: deps.execute, isolation: deps.isolation, policy, timeoutMs, signal },
    ...(sandbox && { sandbox }),
    ...(contextTokens !== undefined && { contextTokens }),
    startedBefore: again,
    idempotencyKey: attemptRef(ref, attempt),
    secrets: deps.environment,
    facts: () => collectFacts(deps, checkout, commit, config),
    serve: (service, params) =>
      SERVICES_BY_NAME[service](deps, {
        ...{ request, params, checkout, commit, worktree, policy, config, signal },
        log: line,
      }),
    openTools: () => openTools(deps, request),
    log: line,
  };
}

/** Says how the agent ended; throws where its output is not as it should be. */
function judge(work: Work, outcome: AgentOutcome, log: RunLog): void {
  const { agent, request } = work;
  switch (outcome.kind) {
    case 'failed':
      log.line(`${agent.name} failed: ${outcome.message}`);
      return;
    case 'asked':
      log.line(`${agent.name} asks: ${outcome.question.text}`);
      return;
    case 'limited':
      log.line(`${outcome.provider} takes no more for now: ${outcome.message}`);
      return;
    case 'answered': {
      const { answer } = outcome;
      const schema = agent.outputSchema(request.action);
      checkSchema(schema, answer.output, `The output of ${request.ref.name}`, 'output-invalid');
      // Now, while another attempt can still do better: once the work is published it is too late.
      pickOutput(stepOutput(answer, beginsAt(work)), request.reads);
      log.line(`${agent.name} is done: ${answer.summary}`);
    }
  }
}
