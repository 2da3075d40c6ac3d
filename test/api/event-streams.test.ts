import { EventSourceParserStream } from 'eventsource-parser/stream';
import { createApiKey } from '../../src/db/people.js';
import { appendEvent, SYSTEM } from '../../src/db/events.js';
import type { EventType } from '../../src/domain/event.js';
import { serveApi, type ServedApi } from './served-api.js';
import { eventually } from '../support/eventually.js';

let api: ServedApi;
let runId: string;

beforeAll(async () => {
  api = await serveApi();
  runId = (await api.record.createRun()).id;
});
afterAll(() => api.close());

const write = (key: string, run: string | null = runId, type: EventType = 'step.completed') =>
  api.record.inTx((tx) =>
    appendEvent(tx, {
      organisationId: api.record.organisationId,
      projectId: null,
      key,
      type,
      runId: run,
      actor: SYSTEM,
      briefing: key,
      payload: { n: 1 },
    }),
  );

interface Stream {
  readonly seen: { id: string; data: { id: string; briefing: string; run: string | null } }[];
  readonly response: Response;
  close(): void;
}

async function open(path: string, lastEventId?: string, key = api.record.people.reader.key): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(`${api.url}${path}`, {
    signal: controller.signal,
    headers: {
      authorization: `Bearer ${key}`,
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  const seen: Stream['seen'] = [];
  const reading = async () => {
    const events = response
      .body!.pipeThrough(new TextDecoderStream() as never)
      .pipeThrough(new EventSourceParserStream());
    for await (const event of events as unknown as AsyncIterable<{ id: string; data: string }>)
      seen.push({ id: event.id, data: JSON.parse(event.data) as never });
  };
  void reading().catch(() => undefined);
  return { seen, response, close: () => controller.abort() };
}

const readers = async () => (await api.deps.metrics.feedReaders.get()).values[0]?.value;
const briefings = (stream: Stream) => stream.seen.map(({ data }) => data.briefing);

describe('the stream of a run', () => {
  it('begins with its history, goes on live, and after Last-Event-ID goes on there', async () => {
    for (let n = 0; n < 3; n += 1) await write(`history/${n}`);
    await write('another run', null);
    const stream = await open(`/api/runs/${runId}/events`);
    expect(stream.response.headers.get('content-type')).toMatch('text/event-stream');
    await eventually(() => Promise.resolve(stream.seen.length === 3));
    await write('live/0');
    await eventually(() => Promise.resolve(stream.seen.length === 4));
    expect(briefings(stream)).toEqual(['history/0', 'history/1', 'history/2', 'live/0']);
    expect(stream.seen.every(({ id, data }) => id === data.id)).toBe(true);
    stream.close();

    await write('while away');
    const back = await open(`/api/runs/${runId}/events`, stream.seen[2]!.id);
    await eventually(() => Promise.resolve(back.seen.length === 2));
    expect(briefings(back)).toEqual(['live/0', 'while away']);
    back.close();
  });

  it('narrows to types', async () => {
    const stream = await open(`/api/runs/${runId}/events?type=step.failed,workflow.failed`);
    await write('not asked for');
    await write('asked for', runId, 'step.failed');
    await eventually(() => stream.seen.length > 0);
    expect(briefings(stream)).toEqual(['asked for']);
    stream.close();
  });
});

describe('the stream of everything', () => {
  beforeEach(() => eventually(async () => (await readers()) === 0));

  it('begins with now', async () => {
    const stream = await open('/api/events');
    await eventually(async () => (await readers()) === 1);
    await write('now', null);
    await eventually(() => Promise.resolve(stream.seen.length === 1));
    expect(briefings(stream)).toEqual(['now']);
    stream.close();
  });

  it('ends for a reader whose key has expired meanwhile, and for nobody else', async () => {
    const { organisationId, people } = api.record;
    const inAnHour = new Date(Date.now() + 3600_000);
    const key = await api.record.inTx((tx) =>
      createApiKey(tx, { organisationId, personId: people.reader.id, label: 'lent', kind: 'key', expiresAt: inAnHour }),
    );
    const [lent, own] = [await open('/api/events', undefined, key), await open('/api/events')];
    await eventually(async () => (await readers()) === 2);
    await api.record.inTx((tx) =>
      tx.updateTable('api_keys').set({ expires_at: new Date() }).where('label', '=', 'lent').execute(),
    );
    await eventually(async () => (await readers()) === 1);
    await write('after the key', null);
    await eventually(() => own.seen.length === 1);
    expect(lent.seen).toEqual([]);
    own.close();
  });

  it('frees what it held when its reader goes', async () => {
    const streams = await Promise.all(Array.from({ length: 5 }, () => open('/api/events')));
    await eventually(async () => (await readers()) === 5);
    for (const stream of streams) stream.close();
    await eventually(async () => (await readers()) === 0);
  });
});

describe('an event', () => {
  it('holds nothing that gives itself away as a secret', async () => {
    const stream = await open(`/api/runs/${runId}/events?type=approval.requested`);
    await write('the key is sk-abcdefghijklmnopqrstuvwx', runId, 'approval.requested');
    await eventually(() => stream.seen.length === 1);
    expect(briefings(stream)).toEqual(['the key is [redacted]']);
    stream.close();
  });
});

describe('as JSON', () => {
  it('a run’s events are a page, oldest first, with a cursor', async () => {
    const headers = { accept: 'application/json' };
    const first = await api.get(`/api/runs/${runId}/events?limit=2`, { headers });
    expect(first.body.items.map(({ briefing }) => briefing)).toEqual(['history/0', 'history/1']);
    const second = await api.get(`/api/runs/${runId}/events?limit=2&cursor=${first.body.next}`, { headers });
    expect(second.body.items.map(({ briefing }) => briefing)).toEqual(['history/2', 'live/0']);
  });

  it('all events are a page, newest first', async () => {
    await write('older', null);
    await write('newest', null);
    const headers = { accept: 'application/json' };
    // Another suite's open transaction holds the stream back for a moment.
    const body = await eventually(async () => {
      const page = (await api.get('/api/events?limit=1', { headers })).body;
      return page.items[0]?.briefing === 'newest' && page;
    });
    const older = await api.get(`/api/events?limit=1&cursor=${body.next}`, { headers });
    expect(older.body.items).toMatchObject([{ briefing: 'older' }]);
  });
});
