import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { PlanStep } from '../domain/plan.js';
import type { RunRequest, RunResult } from '../domain/run-input.js';
import { readySteps } from '../domain/run-state.js';
import type { StepFailure } from '../domain/work.js';
import { record } from './activities.js';
import { openApprovals } from './approvals.js';
import { describeFailure } from './failure.js';
import { RunState } from './run-state.js';
import { runStep } from './run-step.js';

/**
 * Walks any plan: a step starts as soon as all that it depends on is done. When one fails nothing new starts; what
 * runs is let finish, and the run fails with the first failure.
 */
export async function run(request: RunRequest): Promise<RunResult> {
  const state = new RunState(request);
  const approvals = openApprovals((step, decision, standing) =>
    record.recordDecision({ ref: state.refOf(step), decision, state: standing }),
  );
  const end: { failure: (StepFailure & { step: string }) | null; cancelled: boolean } = {
    failure: null,
    cancelled: false,
  };
  let settled = 0;

  const start = async (step: PlanStep): Promise<void> => {
    state.statuses.set(step.id, 'running');
    try {
      state.statuses.set(step.id, await runStep(step, state, approvals));
    } catch (error) {
      if (isCancellation(error)) {
        end.cancelled = true;
        state.statuses.set(step.id, 'cancelled');
      } else {
        end.failure ??= { ...describeFailure(error), step: step.id };
        state.statuses.set(step.id, 'failed');
      }
    }
    settled += 1;
  };

  const ended = async (status: 'succeeded' | 'failed' | 'cancelled'): Promise<RunResult> => {
    state.show(status);
    await record.endRun({
      run: state.run,
      status,
      failure: end.failure,
      unstarted: status === 'cancelled' ? 'cancelled' : 'skipped',
    });
    await condition(allHandlersFinished);
    return { status, runId: state.run.runId, error: end.failure, output: null };
  };

  try {
    await state.takeOver();
    for (let running = 0; ;) {
      const ready = end.failure === null && !end.cancelled ? readySteps(request.plan, state.statuses) : [];
      for (const step of ready) {
        running += 1;
        void start(step);
      }
      if (running === 0) break;
      state.show();
      await condition(() => settled > 0);
      running -= settled;
      settled = 0;
    }
  } catch (error) {
    if (isCancellation(error)) end.cancelled = true;
    else end.failure = { ...describeFailure(error), step: '' };
    // A cancelled run still waits for its steps: each ends its agent and cleans up.
    await CancellationScope.nonCancellable(() => condition(() => !state.isBusy()));
  }
  return CancellationScope.nonCancellable(() =>
    ended(end.cancelled ? 'cancelled' : end.failure ? 'failed' : 'succeeded'),
  );
}
