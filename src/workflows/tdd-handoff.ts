import { ParentClosePolicy, setCurrentDetails, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import { jsonBytes, type Json } from '../domain/json.js';
import type { Reassignment } from '../domain/override.js';
import { phaseAfter, phaseAfterFailure, phaseWork, type TddPhase } from '../domain/tdd.js';
import type { AgentStepRequest, HandoffRequest, HandoffResult, PhaseResult, StepFailure } from '../domain/work.js';
import { shortTurn, summary } from './activities.js';
import { describeFailure } from './failure.js';
import { reassign, Reassignments } from './reassign.js';
import type { step } from './step.js';

/**
 * Test-driven work between a tester and a developer: Red, Green, Refactor, Integration Red, Integration Green, Verify.
 * Each phase is an agent's step, proved by running the repository's tests; the next begins as soon as one is proved, and
 * nobody pushes it. A phase that breaks its rule goes back to its agent with the reason; what the verification finds goes
 * back to the developer. Whoever a place is given to meanwhile takes it at once.
 */
export async function tddHandoff(request: HandoffRequest): Promise<HandoffResult> {
  const done: PhaseResult[] = [];
  let phase: TddPhase = 'red';
  let next: TddPhase | 'complete' = phase;
  let reason: StepFailure | null = null;
  let sentBack = 0;
  const places = new Reassignments();
  const take = (to: Reassignment): void => {
    // Who can take either relieves the one whose turn it is.
    const [place, other] = to.places;
    places.give(place !== undefined && other === undefined ? place : phaseWork(phase).by, to);
  };
  request.reassigned.forEach(take);
  setHandler(reassign, take);

  for (let turn = 0; next !== 'complete'; turn += 1) {
    phase = next;
    const { name } = phaseWork(phase);
    setCurrentDetails(`${request.ref.name}: ${name}${sentBack > 0 ? `, sent back ${sentBack} times` : ''}`);
    try {
      done.push(await runPhase(request, phase, { turn, done, reason, places }));
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

/** Where a hand-off stands when a phase begins. */
interface Standing {
  readonly turn: number;
  readonly done: readonly PhaseResult[];
  /** Why the work was sent back. */
  readonly reason: StepFailure | null;
  /** Who the places were given to. */
  readonly places: Reassignments;
}

/** One phase is one item of the step: the tester and the developer stay the same, and go on with their conversations. */
async function runPhase(
  { ref, tester, developer, reassigned: _, params, retry, timeoutMs, ...rest }: HandoffRequest,
  phase: TddPhase,
  { turn, done, reason, places }: Standing,
): Promise<PhaseResult> {
  const { name, by, action, gates, optional, asks } = phaseWork(phase);
  const before = done.findLast((earlier) => earlier.by === by);
  const first = by === 'tester' ? tester : developer;
  const given = places.of(by);
  const newest = given.at(-1);
  const request: AgentStepRequest = {
    ...rest,
    ref: { ...ref, item: turn, name: `${ref.name}: ${name}` },
    agent: newest ? { kind: 'named', name: newest.agent } : before ? { kind: 'same', step: ref.step } : first,
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
  const { agentId, commit } = await places.resultOf(child, by, given.length);
  return { phase, by, agentId, commit };
}
