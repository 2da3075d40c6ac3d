import type { Context } from '@temporalio/activity';
import { type Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInterceptors,
  Next,
} from '@temporalio/worker';
import { isUnavailable } from '../activities/persist.js';
import { BatonError } from '../domain/errors.js';
import type { Logger } from '../telemetry/logger.js';

/** Often enough that a cancellation reaches an agent's process within seconds, and a dead worker is noticed in ten. */
const HEARTBEAT_MS = 1_000;

/** What every activity gets: a heartbeat while it works, and errors that say whether to try again. */
export const activityInterceptors =
  (log: Logger) =>
  (context: Context): ActivityInterceptors => ({
    inbound: new Around(context, log),
  });

class Around implements ActivityInboundCallsInterceptor {
  readonly #context: Context;
  readonly #log: Logger;

  constructor(context: Context, log: Logger) {
    this.#context = context;
    this.#log = log;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const beat = setInterval(() => this.#context.heartbeat(), HEARTBEAT_MS);
    try {
      return await next(input);
    } catch (error) {
      throw this.#translate(error, this.#context.info);
    } finally {
      clearInterval(beat);
    }
  }

  /**
   * Baton's own errors end the activity, but for those that may pass: Temporal tries again, as after the world's own (a
   * database that is away). An action step has a retry policy of its own, and gets the word. Anything else is a bug, and
   * trying again would hide it.
   */
  #translate(error: unknown, { activityType, attempt, workflowExecution }: Info): unknown {
    const { cancellationSignal } = this.#context;
    if (cancellationSignal.aborted) return whyAborted(cancellationSignal.reason);
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

/** A worker that shuts down gives its work back; what a person cancelled ends. */
function whyAborted(reason: unknown): unknown {
  const message = reason instanceof Error ? reason.message : 'cancelled';
  return message === 'WORKER_SHUTDOWN'
    ? ApplicationFailure.retryable('The worker shut down; another goes on.', 'worker-shutdown')
    : new CancelledFailure(message);
}
