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
import { openOverrides, type Overrides } from './overrides.js';
import { RunState } from './run-state.js';
import { runStep } from './run-step.js';

/**
 * Walks any plan: a step starts as soon as all that it depends on is done. When one fails nothing new starts; what
 * runs is let finish, and the run fails with the first failure. The workflow ends as its run does: completed, failed
 * with the code, the sentence and the step, or cancelled.
 */
export async function run(request: RunRequest): Promise<void> {
  const state = new RunState(request);
  const approvals = openApprovals({
    decision: (step, decision, standing) =>
      record.recordDecision({ ref: state.refOf(step), decision, state: standing }),
    comment: (step, comment) => record.recordComment({ ref: state.refOf(step), ...comment }),
  });
  const end: { failure: RunFailure | null; cancelled: boolean } = { failure: null, cancelled: false };
  const failed = (error: unknown, step: string): 'failed' | 'cancelled' => {
    if (isCancellation(error)) end.cancelled = true;
    else end.failure ??= { ...describeFailure(error), step };
    return isCancellation(error) ? 'cancelled' : 'failed';
  };

  const overrides = openOverrides(state);
  const mayStart = () => end.failure === null && !end.cancelled;
  const start = async (step: PlanStep): Promise<void> => {
    try {
      state.statuses.set(step.id, await overrides.around(step, () => runStep(step, state, approvals)));
    } catch (error) {
      state.statuses.set(step.id, failed(error, step.id));
    }
  };
  try {
    await state.takeOver();
    await walk(state, overrides, mayStart, start, (error) => failed(error, ''));
  } catch (error) {
    failed(error, '');
  }
  overrides.close('ended');

  const finish = async (): Promise<void> => {
    const status = end.cancelled ? 'cancelled' : end.failure ? 'failed' : 'succeeded';
    state.show(status);
    const unstarted = status === 'cancelled' ? 'cancelled' : 'skipped';
    await lastWord.endRun({ run: state.run, status, failure: end.failure, unstarted });
    await condition(allHandlersFinished);
  };
  await CancellationScope.nonCancellable(finish);
  if (end.cancelled) throw new CancelledFailure(`#${state.run.number} was cancelled`);
  if (end.failure) throw failWith(end.failure, { step: end.failure.step });
}

/**
 * Ends when nothing runs any more and nothing may start: each step that ends, and each override, looks for those that
 * may start now.
 */
function walk(
  state: RunState,
  overrides: Overrides,
  mayStart: () => boolean,
  start: (step: PlanStep) => Promise<void>,
  cancel: (error: unknown) => void,
): Promise<void> {
  let running = 0;
  let over = false;
  return new Promise((done, reject) => {
    const advance = (): void => {
      if (over) return;
      const ready = mayStart() ? readySteps(state.request.plan, state.statuses) : [];
      for (const step of state.paused ? [] : ready) {
        running += 1;
        state.statuses.set(step.id, 'running');
        start(step).then(() => {
          running -= 1;
          advance();
        }, reject);
      }
      if (running > 0 || overrides.holds(ready)) {
        state.show();
        return;
      }
      over = true;
      overrides.close('ended');
      done();
    };
    overrides.open(advance);
    void CancellationScope.current().cancelRequested.catch((error: unknown) => {
      if (over) return;
      cancel(error);
      overrides.close('ending');
      advance();
    });
    advance();
  });
}
