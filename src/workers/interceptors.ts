import { CompleteAsyncError, type Context, type Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInterceptors,
  Next,
} from '@temporalio/worker';
import { withCancellation } from '../activities/cancellation.js';
import { isUnavailable } from '../activities/persist.js';
import { BatonError } from '../domain/errors.js';
import type { Logger } from '../telemetry/logger.js';
import { HEARTBEAT_MS, type Background } from './background.js';

/** What every activity gets: a heartbeat while it works, the background when it lasts, and errors that say whether to try again. */
export const activityInterceptors =
  (log: Logger, background: Background) =>
  (context: Context): ActivityInterceptors => ({
    inbound: new Around(context, log, background),
  });

class Around implements ActivityInboundCallsInterceptor {
  readonly #context: Context;
  readonly #log: Logger;
  readonly #background: Background;

  constructor(context: Context, log: Logger, background: Background) {
    this.#context = context;
    this.#log = log;
    this.#background = background;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { info, cancellationSignal } = this.#context;
    const controller = new AbortController();
    const cancel = (): void => controller.abort(cancellationSignal.reason);
    cancellationSignal.addEventListener('abort', cancel);
    const beat = setInterval(() => this.#context.heartbeat(), HEARTBEAT_MS);
    // Async: what throws before it gives a promise is translated too.
    const result = withCancellation(controller.signal, async () => next(input)).catch((error: unknown) => {
      throw this.#translate(error, controller.signal);
    });
    try {
      // A local activity is part of its workflow's task, and ends with that.
      const goesOn = !info.isLocal && (await this.#background.take({ token: info.taskToken, controller, result }));
      if (goesOn) throw new CompleteAsyncError();
      return await result;
    } finally {
      clearInterval(beat);
      cancellationSignal.removeEventListener('abort', cancel);
    }
  }

  /**
   * Baton's own errors end the activity, but for those that may pass: Temporal tries again, as after the world's own (a
   * database that is away). An action step has a retry policy of its own, and gets the word. Anything else is a bug, and
   * trying again would hide it.
   */
  #translate(error: unknown, signal: AbortSignal): unknown {
    const { activityType, attempt, workflowExecution }: Info = this.#context.info;
    if (signal.aborted) return whyAborted(signal.reason);
    if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
    if (error instanceof BatonError) {
      const isFinal = !error.retryable || activityType === 'runAction';
      return ApplicationFailure.create({
        type: error.code,
        message: error.message,
        nonRetryable: isFinal,
        details: [{ ...error.details, retryable: error.retryable }],
      });
    }
    const message = error instanceof Error ? error.message : String(error);
    if (isUnavailable(error)) return ApplicationFailure.retryable(message, 'unavailable');
    this.#log.error(
      { err: error, activityType, attempt, workflowId: workflowExecution?.workflowId },
      'an activity failed on an unexpected error',
    );
    return ApplicationFailure.nonRetryable(`${activityType} failed on an unexpected error: ${message}`, 'internal');
  }
}

/** A worker that shuts down gives its work back; what an operator pauses goes on later; what a person cancelled ends. */
function whyAborted(reason: unknown): unknown {
  const message = reason instanceof Error ? reason.message : 'cancelled';
  switch (message) {
    case 'WORKER_SHUTDOWN':
      return ApplicationFailure.retryable('The worker shut down; another goes on.', 'worker-shutdown');
    case 'PAUSED':
    case 'RESET':
      return ApplicationFailure.retryable('An operator of Temporal has stopped it; it is begun again.', 'stopped');
    default:
      return new CancelledFailure(message);
  }
}
