import { proxyActivities, proxyLocalActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../domain/work.js';

/**
 * Infrastructure is retried by Temporal without end: a dead worker, a database that is down. What would fail again is
 * thrown as non-retryable where it is made; an agent's failure is a value, judged by the workflow.
 */
const RETRY = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;

/** How long a worker may be silent before its work is given to another. */
const HEARTBEAT_TIMEOUT = '10s';

/** Short writes to the record. */
export const record = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: RETRY,
});

/**
 * The last write of a run, made within its last workflow task: a run is closed as soon as its last step is done, with no
 * way through a task queue in between.
 */
export const lastWord = proxyLocalActivities<Pick<Activities, 'endRun'>>({
  startToCloseTimeout: '1 minute',
  retry: RETRY,
});

/** Work that takes as long as its step allows. Out of time it is not begun again; a worker that died is no reason to end it. */
export function work(timeoutMs: number, summary: string): ReturnType<typeof proxyActivities<Activities>> {
  const options: ActivityOptions = {
    startToCloseTimeout: timeoutMs,
    scheduleToCloseTimeout: 2 * timeoutMs + 600_000,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { ...RETRY, nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'] },
    summary,
  };
  return proxyActivities<Activities>(options);
}
