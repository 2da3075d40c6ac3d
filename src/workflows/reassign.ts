import { CancellationScope, defineSignal, setHandler, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { AgentStepRequest, AgentStepResult } from '../domain/work.js';
import type { RunState } from './run-state.js';
import type { step } from './step.js';

/** To the workflow of an agent's step: from now on another does it. */
export const reassign = defineSignal<[agent: string]>('reassign');

/** Where the work on a step was when another took it over: attempts are numbered on from there. */
export interface TakenOver {
  readonly after: number;
}

/**
 * Lets agents work at a step until it comes to its end. When it is reassigned, who is at it is stopped, and the other
 * begins anew, with attempts of its own. `work` is told how to see whether a cancellation means that.
 */
export async function byWhoeverHasIt(
  request: AgentStepRequest,
  work: (request: AgentStepRequest, isTakenOver: () => boolean) => Promise<AgentStepResult | TakenOver>,
): Promise<AgentStepResult> {
  let wanted = null as string | null;
  let scope = null as CancellationScope | null;
  setHandler(reassign, (agent) => {
    wanted = agent;
    scope?.cancel();
  });
  for (let after = 0; ;) {
    const name = wanted;
    wanted = null;
    const now: AgentStepRequest =
      name === null ? request : { ...request, after, agent: { kind: 'named', name }, sameAs: null, resumes: null };
    const own = (scope = new CancellationScope());
    const isTakenOver = () => wanted !== null && own.consideredCancelled;
    const result = await own.run(() => work(now, isTakenOver));
    if ('agentId' in result) return result;
    after = result.after;
  }
}

/** The result of a step's workflow, which hears of every reassignment of the step after `known`. */
export async function resultOf(
  child: ChildWorkflowHandle<typeof step>,
  state: RunState,
  stepId: string,
  known: string | undefined,
): Promise<AgentStepResult> {
  // One that has ended meanwhile has nothing left to hand over.
  const tell = (agent: string): void => void child.signal(reassign, agent).catch(() => undefined);
  const told = state.atWork.get(stepId) ?? new Set();
  state.atWork.set(stepId, told.add(tell));
  const newest = state.reassigned.get(stepId);
  if (newest !== undefined && newest !== known) tell(newest);
  try {
    return await child.result();
  } finally {
    told.delete(tell);
  }
}
