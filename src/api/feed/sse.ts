import { once } from 'node:events';
import type { Response } from 'express';
import { formatPosition, type FeedEvent } from '../../db/event-feed.js';
import type { WireEvent } from '../../schema/api/event.js';
import type { ApiMetrics } from '../../telemetry/metrics.js';
import type { Followed } from './follow.js';

const KEEP_ALIVE_MS = 15_000;
/** What the browser waits before it comes back. */
const RETRY_MS = 1_000;
/** A reader that takes nothing for so long is gone, or as good as. */
const STALLED_MS = 30_000;

/** An event as it travels. */
export const toWireEvent = (event: FeedEvent): WireEvent => ({
  id: formatPosition(event.position),
  at: event.at.toISOString(),
  type: event.type,
  run: event.runId,
  repository: event.repositoryId,
  actor: event.actor,
  briefing: event.briefing,
  payload: event.payload,
});

/**
 * Writes events as server-sent events until the reader goes. It waits for a reader that is slow; one that stays behind
 * is sent away by the end of the stream, and comes back with its Last-Event-ID.
 */
export async function sendEvents(
  res: Response,
  events: AsyncGenerator<Followed>,
  metrics: ApiMetrics,
  signal: AbortSignal,
): Promise<void> {
  res.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  res.flushHeaders();
  res.write(`retry: ${RETRY_MS}\n\n`);
  const keepAlive = setInterval(() => {
    if (!res.writableNeedDrain) res.write(': keep-alive\n\n');
  }, KEEP_ALIVE_MS);
  try {
    for await (const followed of events) {
      if (followed.kind === 'too-slow') {
        metrics.feedDropped.inc();
        break;
      }
      const wire = toWireEvent(followed.event);
      const taken = res.write(`id: ${wire.id}\ndata: ${JSON.stringify(wire)}\n\n`);
      if (!taken && !(await drained(res, signal))) {
        metrics.feedDropped.inc();
        res.destroy();
        break;
      }
    }
  } finally {
    clearInterval(keepAlive);
    res.end();
  }
}

/** Whether the reader takes more; not when it has gone, or has taken nothing for too long. */
async function drained(res: Response, signal: AbortSignal): Promise<boolean> {
  try {
    await once(res, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(STALLED_MS)]) });
    return true;
  } catch {
    return false;
  }
}
