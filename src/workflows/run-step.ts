import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { MERGE } from '../domain/catalogue.js';
import { BatonError } from '../domain/errors.js';
import type { Json } from '../domain/json.js';
import { PLAN_LIMITS, type PlanStep, type StepMap } from '../domain/plan.js';
import type { StepStatus } from '../domain/run-state.js';
import type { StepRef } from '../domain/work.js';
import { record } from './activities.js';
import type { Approvals } from './approvals.js';
import { describeFailure } from './failure.js';
import { inTurn } from './in-turn.js';
import type { Item, RunState } from './run-state.js';
import { runAction } from './steps/action.js';
import { runAgentStep } from './steps/agent.js';
import { clear, runApproval } from './steps/approval.js';
import { runMerge } from './steps/merge.js';
import { runHandoff } from './steps/handoff.js';
import { runPipeline } from './steps/pipeline.js';

/** Runs one step of a plan to its end and says how it ended; throws what made it fail. */
export async function runStep(step: PlanStep, state: RunState, approvals: Approvals): Promise<StepStatus> {
  const ref = state.refOf(step.id);
  try {
    if (step.when !== null && !state.holds(step.when)) {
      await record.recordStep({ ref, status: 'skipped' });
      return 'skipped';
    }
    await clear(step, state, approvals);
    const map = state.mapOf(step);
    if (!map) state.keepOutput(step.id, await runOnce(step, state, approvals, null));
    else if (map.repositories) state.keepOutput(step.id, await runForRepositories(step, map, state, approvals));
    else {
      const output = await runForEach(step, map, state, approvals);
      state.keepOutput(step.id, output);
      await record.recordStep({ ref, status: 'succeeded', output });
    }
    return 'succeeded';
  } catch (error) {
    await recordEnd(ref, error);
    throw error;
  }
}

/** Writes how a step, or an item of one, ended that did not succeed; one that wrote it itself stays as it is. */
function recordEnd(ref: StepRef, error: unknown): Promise<void> {
  const outcome = isCancellation(error)
    ? ({ ref, status: 'cancelled' } as const)
    : ({ ref, status: 'failed', failure: describeFailure(error) } as const);
  return CancellationScope.nonCancellable(() => record.recordStep(outcome));
}

function runOnce(step: PlanStep, state: RunState, approvals: Approvals, item: Item | null): Promise<Json> {
  switch (step.kind) {
    case 'action':
      return step.action === MERGE && item === null ? runMerge(step, state, approvals) : runAction(step, state, item);
    case 'agent':
      return runAgentStep(step, state, item);
    case 'approval':
      return runApproval(step, state, approvals);
    case 'pipeline':
      return runPipeline(step, state, item);
    case 'handoff':
      return runHandoff(step, state);
  }
}

/** A step for each of some repositories: its output is made of those of the items, whole, in the record. */
async function runForRepositories(step: PlanStep, map: StepMap, state: RunState, approvals: Approvals): Promise<Json> {
  const names = state.render(map.over, null);
  const known = Array.isArray(names) ? names : [names];
  if (known.length === 0)
    throw new BatonError(
      'no-repository',
      `The step ${step.name} has no repository to look at. Add one with \`baton repo add\`.`,
    );
  await runForEach({ ...step, reads: [] }, { ...map, over: known }, state, approvals);
  return record.joinItems({ ref: state.refOf(step.id), repositories: known.map(String), reads: step.reads });
}

/** A step for each item of a list, some at once; the first failure is reported when all that run have ended. */
async function runForEach(
  step: PlanStep,
  { over, concurrency }: NonNullable<PlanStep['map']>,
  state: RunState,
  approvals: Approvals,
): Promise<Json> {
  const items = state.render(over, null);
  if (!Array.isArray(items)) {
    throw new BatonError('map-not-a-list', `The step ${step.name} maps over a value that is not a list.`);
  }
  if (items.length > PLAN_LIMITS.mapItems) {
    throw new BatonError(
      'map-too-large',
      `The step ${step.name} maps over ${items.length} items; at most ${PLAN_LIMITS.mapItems}. Map over groups, each a child pipeline.`,
    );
  }
  await record.recordStep({
    ref: state.refOf(step.id),
    status: 'running',
    input: { items: items.length, concurrency },
  });
  const turn = inTurn(concurrency);
  const outputs: Json[] = [];
  let failure: { readonly error: unknown } | null = null;
  const runItem = async (item: Item): Promise<void> => {
    await condition(() => !state.paused || failure !== null);
    if (failure) return;
    try {
      outputs[item.index] = await runOnce(step, state, approvals, item);
    } catch (error) {
      failure ??= { error };
      await recordEnd(state.refOf(step.id, item.index), error);
    }
  };
  const settled = await Promise.allSettled(items.map((value: Json, index) => turn(() => runItem({ value, index }))));
  const failed = failure as { readonly error: unknown } | null;
  if (failed) throw failed.error;
  // Items that a cancellation met while they waited for their turn.
  for (const item of settled) if (item.status === 'rejected') throw item.reason;
  return outputs;
}
