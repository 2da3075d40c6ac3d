import { withOrganisation, type Db } from '../../db/connection.js';
import { comparePositions, readEvents, type EventFilter, type FeedEvent, type Position } from '../../db/event-feed.js';
import { isAfter, type Feed } from './feed.js';

export interface FollowOptions {
  readonly db: Db;
  readonly feed: Feed;
  readonly organisationId: string;
  readonly filter: EventFilter;
  /** Where the reader left off; null begins with what happens from now on. */
  readonly after: Position | null;
  readonly signal: AbortSignal;
}

/** What the reader of a stream gets: an event, or that it was too slow to be kept up with. */
export type Followed = { readonly kind: 'event'; readonly event: FeedEvent } | { readonly kind: 'too-slow' };

const PAGE = 500;
/** Events that may wait for a reader: a slower one is sent away, and comes back with its last id. */
const MAX_WAITING = 2_000;
const NOT_STARTED_MS = 50;

/**
 * Every event after a position, first from the table, then live, without a gap and without one twice. Memory is
 * bounded however slow the reader and however long the way to catch up.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<Followed> {
  const { feed, filter, signal } = options;
  let cursor = options.after;
  for (;;) {
    if (signal.aborted) return;
    const end = feed.position;
    if (end === null) {
      await new Promise((resolve) => setTimeout(resolve, NOT_STARTED_MS));
      continue;
    }
    cursor ??= end;
    if (comparePositions(cursor, end) >= 0) break;
    const page = await readPage(options, cursor, end);
    for (const event of page) {
      yield { kind: 'event', event };
      cursor = event.position;
    }
    if (page.length === PAGE) continue;
    cursor = end;
    // Where the feed went on meanwhile, what it handed on is read from the table too, until both stand at one place.
    if (feed.position === end) break;
  }
  yield* live(options, filter, cursor);
}

const readPage = (
  { db, organisationId, filter }: FollowOptions,
  after: Position,
  upTo: Position,
): Promise<FeedEvent[]> =>
  withOrganisation(db, organisationId, (tx) => readEvents(tx, { ...filter, after, upTo, order: 'asc', limit: PAGE }));

/** Begins in the turn of the event loop in which the reader has come to the feed's position. */
function live(
  { feed, organisationId, signal }: FollowOptions,
  filter: EventFilter,
  after: Position,
): AsyncGenerator<Followed> {
  const waiting: FeedEvent[] = [];
  const state = { tooSlow: false };
  let wake: (() => void) | null = null;
  const unsubscribe = feed.subscribe({
    organisationId,
    receive: (event) => {
      // Another process may have shown the reader more than this one has read yet.
      if (state.tooSlow || !isAfter(event, after) || !matches(event, filter)) return;
      if (waiting.length >= MAX_WAITING) state.tooSlow = true;
      else waiting.push(event);
      wake?.();
    },
  });
  const onAbort = () => wake?.();
  signal.addEventListener('abort', onAbort);

  return (async function* () {
    try {
      for (;;) {
        for (let event = waiting.shift(); event; event = waiting.shift()) {
          yield { kind: 'event', event };
          if (signal.aborted) return;
        }
        if (signal.aborted) return;
        if (state.tooSlow) {
          yield { kind: 'too-slow' };
          return;
        }
        await new Promise<void>((resolve) => (wake = resolve));
        wake = null;
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
    }
  })();
}

const matches = (event: FeedEvent, { runId, types }: EventFilter): boolean =>
  (runId === undefined || event.runId === runId) && (types === undefined || types.includes(event.type));
