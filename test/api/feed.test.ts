import { sql } from 'kysely';
import pg from 'pg';
import { createLogger } from '../../src/telemetry/logger.js';
import { createApiMetrics, type ApiMetrics } from '../../src/telemetry/metrics.js';
import { Feed } from '../../src/api/feed/feed.js';
import { follow } from '../../src/api/feed/follow.js';
import { connect, withOrganisation, type Tx } from '../../src/db/connection.js';
import { comparePositions, readFeed, START, type FeedEvent, type Position } from '../../src/db/event-feed.js';
import { appendEvent, SYSTEM } from '../../src/db/events.js';
import { createRecord, type TestRecord } from './record.js';
import { eventually } from '../support/eventually.js';

let record: TestRecord;
let feed: Feed;
let metrics: ApiMetrics;
const log = createLogger({ name: 'test', level: 'silent' });

beforeEach(async () => {
  record = await createRecord();
  metrics = createApiMetrics();
  feed = new Feed({ db: record.db, databaseUrl: record.url, log, metrics });
  feed.start();
  await eventually(() => Promise.resolve(feed.position));
});
afterEach(async () => {
  await feed.stop();
  await record.close();
});

/** Long before the feed would look again by itself. */
const WOKEN_MS = 5_000;
const followed = (readers: number) =>
  eventually(async () => (await metrics.feedReaders.get()).values[0]?.value === readers);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const write = (tx: Tx, key: string, organisationId = record.organisationId) =>
  appendEvent(tx, {
    organisationId,
    projectId: null,
    key,
    type: 'step.started',
    actor: SYSTEM,
    briefing: key,
    payload: { key },
  });

interface Reader {
  readonly seen: FeedEvent[];
  stop(): Promise<void>;
}

/** A reader that comes back with the last event that it saw, as a browser does. */
function read(
  after: Position | null,
  { organisationId = record.organisationId, reconnects = false, slow = 0 } = {},
): Reader {
  const seen: FeedEvent[] = [];
  const stopped = new AbortController();
  const run = async () => {
    while (!stopped.signal.aborted) {
      const signal = reconnects
        ? AbortSignal.any([stopped.signal, AbortSignal.timeout(5 + Math.floor(Math.random() * 60))])
        : stopped.signal;
      const last = seen.at(-1)?.position ?? after;
      for await (const followed of follow({ db: record.db, feed, organisationId, filter: {}, after: last, signal })) {
        if (followed.kind === 'too-slow') break;
        seen.push(followed.event);
        if (slow > 0) await pause(slow);
        if (signal.aborted) break;
      }
    }
  };
  const ended = run();
  return {
    seen,
    stop: async () => {
      stopped.abort();
      await ended;
    },
  };
}

const listeners = async () => {
  const { rows } = await sql<{
    n: number;
  }>`select count(*) as n from pg_stat_activity where datname = current_database() and query ilike 'listen%'`.execute(
    record.db,
  );
  return rows[0]!.n;
};
const keysOf = (events: readonly FeedEvent[]) => events.map(({ payload }) => payload['key']);
const isOrdered = (events: readonly FeedEvent[]) =>
  events.every((event, n) => n === 0 || comparePositions(events[n - 1]!.position, event.position) < 0);

describe('the feed', () => {
  it('loses and doubles nothing: 50 writers, long transactions, rollbacks, readers that come and go', async () => {
    const writers = connect(record.url, { maxConnections: 50 });
    const steady = Array.from({ length: 3 }, () => read(START));
    const restless = Array.from({ length: 6 }, () => read(START, { reconnects: true }));
    const slow = read(START, { slow: 1 });
    const expected = new Set<string>();
    await Promise.all(
      Array.from({ length: 50 }, async (_, writer) => {
        for (let n = 0; n < 12; n += 1) {
          const keys = Array.from({ length: 1 + (n % 3) }, (_, i) => `${writer}/${n}/${i}`);
          const failed = (writer + n) % 11 === 0;
          await withOrganisation(writers, record.organisationId, async (tx) => {
            for (const key of keys) {
              await write(tx, key);
              if (Math.random() < 0.2) await pause(Math.random() * (n % 5 === 0 ? 120 : 10));
            }
            if (failed) throw new Error('rolled back');
          }).catch(() => undefined);
          if (!failed) for (const key of keys) expected.add(key);
        }
      }),
    );
    const late = read(START);
    const readers = [...steady, ...restless, slow, late];
    await eventually(() => Promise.resolve(readers.every(({ seen }) => seen.length >= expected.size)), 30_000).catch(
      () => undefined,
    );
    await Promise.all(readers.map((reader) => reader.stop()));
    await writers.destroy();

    expect(expected.size).toBeGreaterThan(1000);
    for (const { seen } of readers) {
      expect(seen.length).toBe(expected.size);
      expect(new Set(keysOf(seen))).toEqual(expected);
      expect(isOrdered(seen)).toBe(true);
    }
    // One order for all: what one reader saw first, every reader saw first.
    for (const { seen } of readers) expect(keysOf(seen)).toEqual(keysOf(readers[0]!.seen));
  }, 90_000);

  it('hands on at once what an open transaction held back, although nobody says that it ended', async () => {
    const reader = read(null);
    const blocker = new pg.Client({ connectionString: record.url });
    await blocker.connect();
    await blocker.query('begin');
    await blocker.query('select pg_current_xact_id()');

    await followed(1);
    await record.inTx((tx) => write(tx, 'held'));
    expect(await readFeed(record.db, feed.position!, 1)).toEqual({ events: [], behind: true });
    expect(keysOf(reader.seen)).toEqual([]);

    await blocker.query('rollback');
    await eventually(() => reader.seen.length === 1, WOKEN_MS);
    await blocker.end();
    await reader.stop();
  });

  it('puts an event of an older transaction that commits later in its place, not behind', async () => {
    const reader = read(null);
    const { promise: gate, resolve: finish } = Promise.withResolvers<undefined>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    const slow = record.inTx(async (tx) => {
      await write(tx, 'older');
      begin(undefined);
      await gate;
    });
    await begun;
    await record.inTx((tx) => write(tx, 'younger'));
    finish(undefined);
    await slow;
    await eventually(() => Promise.resolve(reader.seen.length === 2));
    expect(keysOf(reader.seen)).toEqual(['older', 'younger']);
    await reader.stop();
  });

  it('orders transactions by number, not as text', async () => {
    for (const xid of ['1000', '99', '100', '998']) {
      await sql`insert into events (xid, organisation_id, key, type, actor, briefing, payload)
        values (${xid}::text::xid8, ${record.organisationId}, ${xid}, 'step.started', '{"kind": "system", "id": null, "name": "x"}', '', jsonb_build_object('key', ${xid}::text))`.execute(
        record.db,
      );
    }
    const reader = read(START);
    await eventually(() => Promise.resolve(reader.seen.length === 4));
    expect(keysOf(reader.seen)).toEqual(['99', '100', '998', '1000']);
    await reader.stop();
  });

  it('says an event when it is committed, not at the next look', async () => {
    const reader = read(null);
    await followed(1);
    for (let n = 0; n < 3; n += 1) {
      await record.inTx((tx) => write(tx, `quick/${n}`));
      await eventually(() => reader.seen.length === n + 1, WOKEN_MS);
    }
    await reader.stop();
  });

  it('goes on when PostgreSQL has ended all its connections, and has missed nothing', async () => {
    const reader = read(START);
    await record.inTx((tx) => write(tx, 'before'));
    await eventually(() => Promise.resolve(reader.seen.length === 1));

    const admin = new pg.Client({ connectionString: record.url });
    await admin.connect();
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await eventually(() =>
      record
        .inTx((tx) => write(tx, 'while away'))
        .then(
          () => true,
          () => false,
        ),
    );
    await admin.end();
    await eventually(() => Promise.resolve(reader.seen.length === 2));
    // Woken by a notice again, not only by the long look.
    await eventually(async () => (await listeners()) === 1);
    await record.inTx((tx) => write(tx, 'after'));
    await eventually(() => reader.seen.length === 3, WOKEN_MS);
    expect(keysOf(reader.seen)).toEqual(['before', 'while away', 'after']);
    await reader.stop();
  });

  it('shows an organisation its own events only, live and from the table', async () => {
    const other = await record.createOrganisation('other');
    const live = read(null, { organisationId: other });
    await followed(1);
    await record.inTx((tx) => write(tx, 'ours'));
    await withOrganisation(record.db, other, (tx) => write(tx, 'theirs', other));
    await eventually(() => Promise.resolve(live.seen.length === 1));
    const caughtUp = read(START, { organisationId: other });
    await eventually(() => Promise.resolve(caughtUp.seen.length === 1));
    expect([...keysOf(live.seen), ...keysOf(caughtUp.seen)]).toEqual(['theirs', 'theirs']);
    await Promise.all([live.stop(), caughtUp.stop()]);
  });

  it('sends away a reader that is too slow, who comes back and has missed nothing', async () => {
    const controller = new AbortController();
    const stream = follow({
      db: record.db,
      feed,
      organisationId: record.organisationId,
      filter: {},
      after: null,
      signal: controller.signal,
    });
    const first = stream.next();
    await followed(1);
    const total = 2_600;
    let lastId = Infinity;
    await record.inTx(async (tx) => {
      for (let n = 0; n < total; n += 1) lastId = (await write(tx, `many/${n}`))!;
    });
    const seen: FeedEvent[] = [];
    let sentAway = false;
    await eventually(() => Promise.resolve(feed.position!.id >= lastId), 30_000);
    for (let followed = await first; !followed.done; followed = await stream.next()) {
      if (followed.value.kind === 'too-slow') sentAway = true;
      else seen.push(followed.value.event);
    }
    expect(sentAway).toBe(true);
    expect(seen.length).toBeLessThan(total);

    const back = read(seen.at(-1)!.position);
    await eventually(() => Promise.resolve(seen.length + back.seen.length >= total));
    await back.stop();
    expect(keysOf([...seen, ...back.seen])).toEqual(Array.from({ length: total }, (_, n) => `many/${n}`));
  }, 60_000);
});
