import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  sleep,
} from '@temporalio/workflow';
import { answerLine, failureQuestion, GIVE_UP, type GivenAnswer } from '../domain/question.js';
import { limitFailure, MAX_LIMITS } from '../domain/provider-limit.js';
import { delayAfter } from '../domain/retry.js';
import type {
  AgentStepRequest,
  AgentStepResult,
  AssignedAgent,
  AttemptRequest,
  AttemptResult,
  FinishStepRequest,
  Resolution,
} from '../domain/work.js';
import { record, work } from './activities.js';
import { describeFailure, failWith } from './failure.js';
import { prove, type Conflicts } from './prove.js';
import { openQuestions, type Questions } from './questions.js';
import { byWhoeverHasIt, type TakenOver } from './reassign.js';

/** The worker ends a set-up itself, earlier. */
const SETUP_TIMEOUT_MS = 3600_000;
/** Between two tries at a provider whose clock says that it is time. */
const MIN_WAIT_MS = 1_000;

/** What an attempt is told of those before it. */
type Known = Pick<AttemptRequest, 'previous' | 'answers'>;
type Previous = Known['previous'];
const left = (previous: Previous): string | null => previous?.commit ?? null;

/**
 * One step of an agent: attempts, each proved by gates on its commit, until one holds or none is left. Then the
 * orchestrator looks at it, where the project has one, and then people, where the step asks them: both may send the agent
 * to work once more. An agent may ask people at any attempt. Only a commit that its gates passed reaches the run's branch.
 */
export function step(request: AgentStepRequest): Promise<AgentStepResult> {
  const questions = openQuestions(request);
  return byWhoeverHasIt(request, (now, isTakenOver) => workAt(now, questions, isTakenOver));
}

/** @param progress takes the number of the newest attempt. */
export async function workAt(
  request: AgentStepRequest,
  questions: Questions,
  isTakenOver: () => boolean,
  progress = { attempt: 0 },
): Promise<AgentStepResult | TakenOver> {
  let attempt = request.after ?? 0;
  let actor: AssignedAgent | null = null;

  try {
    const agent = await record.assignAgent(request);
    let previous = request.resolution ? broughtTo(request.resolution) : (null as Previous);
    const answers: GivenAnswer[] = [];
    let round = { after: attempt, advised: false };
    let limits = 0;
    const conflicts: Conflicts = { resolutions: 0, files: request.resolution?.files ?? [] };
    for (;;) {
      attempt += 1;
      progress.attempt = attempt;
      actor = agent;
      const ofRound = attempt - round.after;
      setCurrentDetails(`${request.ref.name}: ${agent.name}, attempt ${ofRound} of ${request.retry.attempts}`);
      const result = await makeAttempt(request, agent, attempt, { previous, answers });
      if (result.kind === 'asked') {
        const { question, commit, base } = result;
        const answer = await questions.ask(question, { by: 'agent', agent, attempt });
        if (answer === null) throw failWith({ code: 'question-expired', message: `Nobody answered: ${question.text}` });
        answers.push(answer);
        previous = { failure: previous?.failure ?? null, commit: commit ?? left(previous), base };
        // To ask is not to fail.
        round = { ...round, after: round.after + 1 };
        continue;
      }
      if (result.kind === 'limited') {
        if (!result.held) limits += 1;
        if (limits > MAX_LIMITS) throw failWith(limitFailure(result));
        previous = { failure: previous?.failure ?? null, commit: result.commit ?? left(previous), base: result.base };
        // Nor is to wait for a provider.
        round = { ...round, after: round.after + 1 };
        setCurrentDetails(`${request.ref.name}: waits for ${result.provider}`);
        await sleep(Math.max(result.resumeAtMs - Date.now(), MIN_WAIT_MS));
        continue;
      }
      limits = 0;
      const proved = await prove({ request, agent, attempt, questions, conflicts }, result);
      if (proved.kind === 'done') {
        const outcome = {
          kind: 'succeeded',
          commit: proved.commit,
          branch: request.branch,
          repositoryId: request.repository.id,
        } as const;
        // It is on the branch: who comes too late to stop it cannot have it forgotten.
        const output = await CancellationScope.nonCancellable(() => finish(request, attempt, agent, outcome));
        return { output, agentId: agent.id, commit: proved.commit };
      }
      const { failure } = proved;
      if (proved.kind === 'failed') throw failWith(failure);
      if (proved.kind === 'granted') {
        // People let the step go on: its attempts are counted anew, and an attempt that never began was none.
        await record.failAttempt({
          ref: request.ref,
          attempt,
          agent,
          failure: { code: failure.code, message: failure.message },
        });
        if (proved.answer !== null) answers.push(proved.answer);
        const kept = result.kind === 'worked' ? result.commit : left(previous);
        previous = proved.from ?? {
          failure: proved.isUncounted ? (previous?.failure ?? null) : failure,
          commit: kept,
          base: result.base,
        };
        round = { ...round, after: proved.isUncounted ? round.after + 1 : attempt };
        continue;
      }
      // An attempt that broke off leaves what the one before it had done.
      previous = { failure, commit: result.kind === 'worked' ? result.commit : left(previous), base: result.base };
      const delayMs = delayAfter(request.retry, ofRound);
      const tiers = delayMs === null ? await tiersAbove(request, round.advised) : null;
      if (tiers && !tiers.orchestrator && !tiers.people) throw failWith(failure);
      await record.failAttempt({
        ref: request.ref,
        attempt,
        agent,
        failure: { code: failure.code, message: failure.message },
      });
      if (!tiers) {
        await sleep(delayMs!);
        continue;
      }
      let advice: string | null = null;
      if (tiers.orchestrator) {
        attempt += 1;
        progress.attempt = attempt;
        actor = tiers.orchestrator;
        advice = await takeAdvice(request, actor, attempt, { previous, answers });
      }
      if (advice === null && tiers.people) {
        const question = failureQuestion(request.ref.name, agent.name, failure.message);
        const answer = await questions.ask(question, { by: 'system', agent, attempt });
        if (answer !== null && answer.option !== GIVE_UP) {
          answers.push(answer);
          advice = `${answer.by} says: ${answerLine(answer)}`;
        }
      }
      if (advice === null) throw failWith(failure);
      previous = { ...previous, failure: { ...failure, message: `${failure.message}\n${advice}` } };
      round = { after: attempt, advised: true };
    }
  } catch (error) {
    const outcome: FinishStepRequest['outcome'] = isCancellation(error)
      ? { kind: isTakenOver() ? 'taken-over' : 'cancelled' }
      : { kind: 'failed', failure: describeFailure(error) };
    await CancellationScope.nonCancellable(async () => {
      await finish(request, attempt, actor, outcome);
      await condition(allHandlersFinished);
    });
    if (outcome.kind === 'taken-over') return { after: attempt };
    throw error;
  }
}

/** Both sides merged, and what is in the way: what the first attempt at it begins with. */
const broughtTo = ({ brief, draft, base }: Resolution): Previous => ({
  failure: { code: 'landing-blocked', message: brief, gates: [], findings: [] },
  commit: draft,
  base,
});

/** Who looks at a step whose attempts are used up; a single try was never meant to be made again. */
async function tiersAbove({ ref, retry, questions }: AgentStepRequest, advised: boolean) {
  const isTriedAgain = retry.attempts > 1;
  return {
    orchestrator: isTriedAgain && !advised ? await record.findOrchestrator({ run: ref.run }) : null,
    people: isTriedAgain && questions.askOnFailure,
  };
}

/** What the orchestrator tells the agent after a look at the failure; null where it sees no use in another round. */
async function takeAdvice(
  request: AgentStepRequest,
  orchestrator: AssignedAgent,
  attempt: number,
  known: Known,
): Promise<string | null> {
  const { action, params } = request;
  const question = {
    ...request,
    action: 'orchestrate.advise',
    params: { action, params },
    optional: false,
    resumes: null,
    checklist: [],
  };
  const result = await makeAttempt(question, orchestrator, attempt, known);
  if (result.kind === 'asked') {
    const message = `${orchestrator.name} was asked for advice, and asks: ${result.question.text}`;
    const failure = { code: 'question-out-of-place', message };
    await record.failAttempt({ ref: request.ref, attempt, agent: orchestrator, failure });
  }
  if (result.kind === 'limited') {
    await record.failAttempt({ ref: request.ref, attempt, agent: orchestrator, failure: limitFailure(result) });
  }
  if (result.kind !== 'worked') return null;
  return record.takeAdvice({ ref: request.ref, attempt, agent: orchestrator });
}

function makeAttempt(
  request: AgentStepRequest,
  agent: AssignedAgent,
  attempt: number,
  known: Known,
): Promise<AttemptResult> {
  const { agent: _ref, sameAs: _same, retry: _retry, gates: _gates, questions: _questions, ...rest } = request;
  const { runAttempt } = work(
    request.timeoutMs + SETUP_TIMEOUT_MS,
    `${agent.name}: ${request.action}, attempt ${attempt}`,
  );
  return runAttempt({ ...rest, attempt, agent, startedAtMs: Date.now(), ...known });
}

const finish = (
  request: AgentStepRequest,
  attempt: number,
  agent: AssignedAgent | null,
  outcome: FinishStepRequest['outcome'],
) =>
  record.finishStep({
    ref: request.ref,
    attempt,
    agent,
    outcome,
    reads: request.reads,
    ...(request.resolution && { keepsStep: true }),
  });
