import { setCurrentDetails, startChild, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import { jsonBytes, type Json } from '../domain/json.js';
import { phaseAfter, phaseAfterFailure, phaseWork, type TddPhase } from '../domain/tdd.js';
import type { AgentStepRequest, HandoffRequest, HandoffResult, PhaseResult, StepFailure } from '../domain/work.js';
import { shortTurn, summary } from './activities.js';
import { describeFailure } from './failure.js';
import type { step } from './step.js';

/**
 * Test-driven work between a tester and a developer: Red, Green, Refactor, Integration Red, Integration Green, Verify.
 * Each phase is an agent's step, proved by running the repository's tests; the next begins as soon as one is proved, and
 * nobody pushes it. A phase that breaks its rule goes back to its agent with the reason; what the verification finds goes
 * back to the developer.
 */
export async function tddHandoff(request: HandoffRequest): Promise<HandoffResult> {
  const done: PhaseResult[] = [];
  let next: TddPhase | 'complete' = 'red';
  let reason: StepFailure | null = null;
  let sentBack = 0;

  for (let turn = 0; next !== 'complete'; turn += 1) {
    const phase: TddPhase = next;
    const { name } = phaseWork(phase);
    setCurrentDetails(`${request.ref.name}: ${name}${sentBack > 0 ? `, sent back ${sentBack} times` : ''}`);
    try {
      done.push(await runPhase(request, phase, turn, done, reason));
      reason = null;
      next = phaseAfter(phase, request);
    } catch (error) {
      const failure = describeFailure(error);
      const back = phaseAfterFailure(phase, failure, request, sentBack);
      if (back === 'failed') throw error;
      reason = failure;
      sentBack += 1;
      next = back;
    }
  }
  const commit = done.findLast((phaseDone) => phaseDone.commit !== null)?.commit ?? null;
  return { commit, phases: done };
}

/** One phase is one item of the step: the tester and the developer stay the same, and go on with their conversations. */
async function runPhase(
  { ref, tester, developer, params, retry, timeoutMs, ...rest }: HandoffRequest,
  phase: TddPhase,
  turn: number,
  done: readonly PhaseResult[],
  reason: StepFailure | null,
): Promise<PhaseResult> {
  const { name, by, action, gates, optional, asks } = phaseWork(phase);
  const before = done.find((earlier) => earlier.by === by);
  const first = by === 'tester' ? tester : developer;
  const request: AgentStepRequest = {
    ...rest,
    ref: { ...ref, item: turn, name: `${ref.name}: ${name}` },
    agent: before ? { kind: 'same', step: ref.step } : first,
    sameAs: before?.agentId ?? null,
    resumes: before ? ref.step : null,
    action,
    params: { ...params, phase, asks, ...(reason && { sentBack: { code: reason.code, message: reason.message } }) },
    gates,
    optional,
    timeoutMs,
    retry,
    reads: [],
  };
  const start = () =>
    startChild<typeof step>('step', {
      workflowId: `${workflowInfo().workflowId}/${turn}-${phase}`,
      args: [request],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: summary(`${name} · ${action}`),
    });
  const child = await shortTurn(start, jsonBytes(request as unknown as Json));
  const { agentId, commit } = await child.result();
  return { phase, by, agentId, commit };
}
