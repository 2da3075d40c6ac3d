import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import type { PlanStep } from '../domain/plan.js';
import type { RunRequest } from '../domain/run-input.js';
import { readySteps } from '../domain/run-state.js';
import type { RunFailure } from '../domain/work.js';
import { lastWord, record } from './activities.js';
import { openApprovals } from './approvals.js';
import { describeFailure, failWith } from './failure.js';
import { RunState } from './run-state.js';
import { runStep } from './run-step.js';

/**
 * Walks any plan: a step starts as soon as all that it depends on is done. When one fails nothing new starts; what
 * runs is let finish, and the run fails with the first failure. The workflow ends as its run does: completed, failed
 * with the code, the sentence and the step, or cancelled.
 */
export async function run(request: RunRequest): Promise<void> {
  const state = new RunState(request);
  const approvals = openApprovals((step, decision, standing) =>
    record.recordDecision({ ref: state.refOf(step), decision, state: standing }),
  );
  const end: { failure: RunFailure | null; cancelled: boolean } = { failure: null, cancelled: false };
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

  const finish = async (): Promise<void> => {
    const status = end.cancelled ? 'cancelled' : end.failure ? 'failed' : 'succeeded';
    state.show(status);
    const unstarted = status === 'cancelled' ? 'cancelled' : 'skipped';
    await lastWord.endRun({ run: state.run, status, failure: end.failure, unstarted });
    await condition(allHandlersFinished);
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
  await CancellationScope.nonCancellable(finish);
  if (end.cancelled) throw new CancelledFailure(`#${state.run.number} was cancelled`);
  if (end.failure) throw failWith(end.failure, { step: end.failure.step });
}
