import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { landingAnswer, landingQuestion } from '../domain/landing.js';
import { answerLine, type GivenAnswer } from '../domain/question.js';
import type { DraftedResolution, LandingRequest, LandingResult } from '../domain/work.js';
import { work } from './activities.js';
import { describeFailure } from './failure.js';
import { PUBLISH_TIMEOUT_MS, runGatesOnce } from './prove.js';
import { openQuestions } from './questions.js';
import { workAt } from './step.js';

/**
 * Asks people how an approved change that cannot land goes on: an agent makes it land, a branch is taken that a person
 * resolved, or nothing changes and the merge begins again. What fails is asked about again.
 */
export async function landing(request: LandingRequest): Promise<LandingResult> {
  const questions = openQuestions(request.step);
  const progress = { attempt: request.step.after ?? 0 };
  let { message } = request;
  try {
    for (let round = 1; ; round += 1) {
      const drafted = await draft(request, message);
      const { agent, target } = drafted;
      const { ref, branch } = request.step;
      const about = { block: request.block, step: ref.name, message, branch, target, agent: agent?.name ?? null };
      const answer = await questions.ask(landingQuestion(about), { by: 'system', agent, attempt: progress.attempt });
      const to = landingAnswer(answer, about.agent);
      if (to.kind === 'end' || to.kind === 'again') return { kind: to.kind, after: progress.attempt };
      const failure =
        to.kind === 'resolve'
          ? await resolve(request, questions, progress, withWords(message, answer))
          : await take(request, to.branch, drafted, { attempt: progress.attempt, round });
      if (failure === null) return { kind: 'again', after: progress.attempt };
      message = failure;
    }
  } finally {
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

function draft({ step, agentId }: LandingRequest, message: string): Promise<DraftedResolution> {
  const { ref, repository, branch } = step;
  const { draftResolution } = work(PUBLISH_TIMEOUT_MS, `draft ${branch}`);
  return draftResolution({ ref, repository, branch, message, agentId, atMs: Date.now() });
}

/** Lets the agent work on both changes as they are now; null, or why that gave nothing. */
async function resolve(
  request: LandingRequest,
  questions: ReturnType<typeof openQuestions>,
  progress: { attempt: number },
  message: string,
): Promise<string | null> {
  try {
    const { base, head, draft: begin, files, brief } = await draft(request, message);
    const resolution = { base, head, draft: begin, files, brief };
    await workAt({ ...request.step, after: progress.attempt, resolution }, questions, () => false, progress);
    return null;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return describeFailure(error).message;
  }
}

/** Takes a branch of a person, once its gates pass; null, or why it cannot be taken. */
async function take(
  { step }: LandingRequest,
  taken: string,
  { base, head, target, draft: begin, files, brief }: DraftedResolution,
  { attempt, round }: { readonly attempt: number; readonly round: number },
): Promise<string | null> {
  const { ref, repository, branch, action } = step;
  const { takeBranch, publishCommit } = work(PUBLISH_TIMEOUT_MS, `take ${taken}`);
  const known = { ref, attempt, repository, branch };
  const found = await takeBranch({ ...known, taken, base: head, target: { branch: target, commit: base } });
  if (found.kind === 'refused') return found.message;
  const { commit } = found;
  const verdict = await runGatesOnce({ request: step, attempt }, commit, true, round);
  if (verdict.kind !== 'done') return verdict.failure.message;
  const resolution = { base, head, draft: begin, files, brief };
  const asked = { ...known, action, agent: null, commit, atMs: Date.now(), resolves: files, resolution };
  const publication = await publishCommit(asked);
  return publication.kind === 'refused' ? publication.failure.message : null;
}

const withWords = (message: string, answer: GivenAnswer | null): string =>
  answer === null ? message : `${message}\n${answer.by} says: ${answerLine(answer)}`;
