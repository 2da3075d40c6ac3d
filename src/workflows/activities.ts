import { proxyActivities, proxyLocalActivities, type ActivityOptions } from '@temporalio/workflow';
import { jsonBytes, type Json } from '../domain/json.js';
import { cutText } from '../domain/text.js';
import type { Activities } from '../domain/work.js';
import { inTurn } from './in-turn.js';

type Proxied = ReturnType<typeof proxyActivities<Activities>>;

/**
 * Infrastructure is retried by Temporal without end: a dead worker, a database that is down. What would fail again is
 * thrown as non-retryable where it is made; an agent's failure is a value, judged by the workflow.
 */
const RETRY = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;

/** How long a worker may be silent before its work is given to another. */
const HEARTBEAT_TIMEOUT = '10s';

/**
 * Writes to the record and starts of child workflows, and apart from them work, so that a decision never waits for it.
 * More than twenty starts of one workflow task, or more than 4 MiB, can hang a workflow without a word (architecture
 * decision 3).
 */
const MAX_AT_ONCE = 10;
const MAX_BYTES_AT_ONCE = 1024 * 1024;
export const shortTurn = inTurn(MAX_AT_ONCE, MAX_BYTES_AT_ONCE);
const workTurn = inTurn(MAX_AT_ONCE, MAX_BYTES_AT_ONCE);

/** Temporal takes 400 bytes of text about an activity or a child. */
const MAX_SUMMARY_BYTES = 200;
export const summary = (text: string): string => cutText(text, MAX_SUMMARY_BYTES);

/** Short writes to the record. */
export const record = takingTurns(
  proxyActivities<Activities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: HEARTBEAT_TIMEOUT, retry: RETRY }),
  shortTurn,
);

/**
 * The last write of a run, made within its last workflow task: a run is closed as soon as its last step is done, with no
 * way through a task queue in between.
 */
export const lastWord = proxyLocalActivities<Pick<Activities, 'endRun'>>({
  startToCloseTimeout: '1 minute',
  retry: RETRY,
});

/**
 * Work that takes as long as its step allows, from when a worker takes it. Out of time it is not begun again; a worker
 * that died is no reason to end it, nor is a queue that was long.
 */
export function work(timeoutMs: number, about: string): Proxied {
  const options: ActivityOptions = {
    startToCloseTimeout: timeoutMs,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { ...RETRY, nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'] },
    summary: summary(about),
  };
  return takingTurns(proxyActivities<Activities>(options), workTurn);
}

function takingTurns(activities: Proxied, turn: ReturnType<typeof inTurn>): Proxied {
  const byName = activities as unknown as Readonly<Record<string, (request: unknown) => Promise<unknown>>>;
  return new Proxy(activities, {
    get: (_, name: string) => (request: unknown) => turn(() => byName[name]!(request), jsonBytes(request as Json)),
  });
}
