import type { Feed, Subscriber } from '../../src/api/feed/feed.js';
import { follow, type Followed } from '../../src/api/feed/follow.js';
import { readEvents, START, type FeedEvent, type Position } from '../../src/db/event-feed.js';
import { appendEvent, SYSTEM } from '../../src/db/events.js';
import { eventually } from '../support/eventually.js';
import { createRecord, type TestRecord } from './record.js';

let record: TestRecord;
let events: readonly FeedEvent[];

beforeAll(async () => {
  record = await createRecord();
  for (const key of ['one', 'two', 'three']) {
    await record.inTx((tx) =>
      appendEvent(tx, {
        organisationId: record.organisationId,
        projectId: null,
        key,
        type: 'step.started',
        actor: SYSTEM,
        briefing: key,
        payload: {},
      }),
    );
  }
  // A transaction of any other database of the server holds them back until it ends.
  events = await eventually(async () => {
    const settled = await record.inTx((tx) => readEvents(tx, { order: 'asc', limit: 10 }));
    return settled.length === 3 && settled;
  });
});
afterAll(() => record.close());

/** A feed whose place is said anew at each look at it, the last one for good, and which hands on what it is told to. */
function feedAt(...places: Position[]) {
  const subscribers: Subscriber[] = [];
  const feed = {
    get position(): Position {
      return places.length > 1 ? places.shift()! : places[0]!;
    },
    subscribe: (subscriber: Subscriber) => {
      subscribers.push(subscriber);
      return () => undefined;
    },
  };
  return {
    feed: feed as unknown as Feed,
    handOn: (event: FeedEvent) => subscribers.forEach(({ receive }) => receive(event)),
    subscribers,
  };
}

const nextOf = async (stream: AsyncGenerator<Followed>) => {
  const { value } = (await stream.next()) as { value: Followed };
  return value.kind === 'event' ? value.event.briefing : value.kind;
};
const start = (feed: Feed, after: Position | null) =>
  follow({
    db: record.db,
    feed,
    organisationId: record.organisationId,
    filter: {},
    after,
    signal: new AbortController().signal,
  });

describe('follow', () => {
  it('reads from the table what the feed handed on while it was reading', async () => {
    const [one, two] = events.map(({ position }) => position);
    const { feed } = feedAt(one!, two!);
    const stream = start(feed, START);
    expect([await nextOf(stream), await nextOf(stream)]).toEqual(['one', 'two']);
  });

  it('drops what the reader has had from another process, whose feed was ahead', async () => {
    const { feed, handOn, subscribers } = feedAt(events[0]!.position);
    const stream = start(feed, events[1]!.position);
    const next = nextOf(stream);
    while (subscribers.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    handOn(events[1]!);
    handOn(events[2]!);
    expect(await next).toBe('three');
  });

  it('is subscribed in the very turn in which it has come to the feed’s place', async () => {
    const last = events[2]!.position;
    const { feed, handOn, subscribers } = feedAt(last);
    const stream = start(feed, events[1]!.position);
    expect(await nextOf(stream)).toBe('three');
    const next = nextOf(stream);
    while (subscribers.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const later = { ...events[2]!, position: { xid: last.xid, id: last.id + 1 }, briefing: 'four' };
    handOn(later);
    expect(await next).toBe('four');
  });
});
