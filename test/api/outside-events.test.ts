import { createHmac, randomUUID } from 'node:crypto';
import { createApiKey } from '../../src/db/people.js';
import type { JsonObject } from '../../src/domain/json.js';
import type { Trigger } from '../../src/domain/plan.js';
import { parseEventSources } from '../../src/schema/event-sources.js';
import { noop, plan } from './record.js';
import { serveApi, type Answered, type ServedApi } from './served-api.js';

// Made up here.
const SECRET = ['made-up', 'secret', 'of', 'the', 'code', 'graph', 'source'].join('-');

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi({ eventSources: parseEventSources({ BATON_EVENT_SOURCE_CODE_GRAPH: SECRET }) });
  const waits: Readonly<Record<string, Trigger>> = {
    'on-file': {
      kind: 'event',
      type: 'graph.file.updated',
      filters: { filePath: ['**/*.{ts,tsx,js,jsx,py}'], branch: ['main'] },
    },
    'on-audit': { kind: 'event', type: 'audit.result.*', filters: { severity: ['critical', 'high'] } },
    'on-health': { kind: 'event', type: 'hub.health.status', filters: { 'hub.status': ['down'] } },
    'by-name': { kind: 'manual' },
  };
  for (const [name, trigger] of Object.entries(waits))
    await api.record.addPipeline({ ...plan(name, [noop('look')]), triggers: [trigger] });
  await api.record.addRepository('web');
  await api.record.addRepository('site');
});
afterAll(() => api.close());

const FILE = { filePath: 'src/a.ts', branch: 'main', repositoryPath: '/srv/git/web.git', previousCommit: 'abc' };
const send = (event: JsonObject, as: 'author' | 'reviewer' = 'author'): Promise<Answered> =>
  api.post('/api/events', { id: randomUUID(), ...event }, { as });
const startedBy = ({ body }: Answered): readonly string[] =>
  (body.runs as unknown as readonly { readonly pipeline: string }[]).map(({ pipeline }) => pipeline);
const now = (): number => Math.floor(Date.now() / 1000);

/** A request that the code graph signs. */
function sign(event: JsonObject, { secret = SECRET, source = 'code-graph', timestamp = now() } = {}) {
  const body = JSON.stringify({ id: randomUUID(), ...event });
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const headers = {
    'x-baton-source': source,
    'x-baton-timestamp': String(timestamp),
    'x-baton-signature': `sha256=${signature}`,
  };
  return (): Promise<Answered> => api.post('/api/events', body, { as: null, headers });
}

describe('POST /api/events', () => {
  it('writes the event and one run for each pipeline that waits for it, with the payload as context', async () => {
    const sent = await send({ type: 'graph.file.updated', payload: FILE });
    expect(sent.status).toBe(202);
    expect(startedBy(sent)).toEqual(['on-file']);
    const row = await api.record.inTx((tx) =>
      tx
        .selectFrom('runs as r')
        .innerJoin('repositories as o', 'o.id', 'r.repository_id')
        .select(['o.name', 'r.input', 'r.trigger'])
        .where('r.id', '=', sent.body.runs[0]!.id)
        .executeTakeFirstOrThrow(),
    );
    expect(row).toMatchObject({
      name: 'web',
      input: { context: FILE, requestedBy: { handle: 'author' } },
      trigger: { kind: 'event', type: 'graph.file.updated', source: 'author' },
    });
    const { body } = await api.get('/api/events?limit=50', { headers: { accept: 'application/json' } });
    expect(body.items.map(({ briefing }) => briefing)).toContain('author sent graph.file.updated: src/a.ts');
  });

  it.each([
    ['another folder', { filePath: 'deep/er/b.py' }, ['on-file']],
    ['the root', { filePath: 'a.tsx' }, ['on-file']],
    ['another kind of file', { filePath: 'README.md' }, []],
    ['another branch', { branch: 'work' }, []],
  ])('filters by any field of the payload: %s', async (_is, changed, started) => {
    expect(startedBy(await send({ type: 'graph.file.updated', payload: { ...FILE, ...changed } }))).toEqual(started);
  });

  it('matches subjects with a word of their own, and fields of fields', async () => {
    expect(startedBy(await send({ type: 'audit.result.sast', payload: { severity: 'high', findings: 3 } }))).toEqual([
      'on-audit',
    ]);
    expect(startedBy(await send({ type: 'audit.result.sast', payload: { severity: 'low' } }))).toEqual([]);
    expect(startedBy(await send({ type: 'hub.health.status', payload: { hub: { status: 'down' } } }))).toEqual([
      'on-health',
    ]);
    expect(startedBy(await send({ type: 'graph.symbol.changed', repository: 'web' }))).toEqual([]);
  });

  it('starts a pipeline by its name, with the context that is sent', async () => {
    const payload = { workflowName: 'by-name', context: { version: '1.2' } };
    const sent = await send({ type: 'workflow.trigger.by-name', payload });
    expect(startedBy(sent)).toEqual(['by-name']);
    const { body } = await api.get(`/api/runs/${sent.body.runs[0]!.id}`);
    expect(body.context).toEqual({ version: '1.2' });
    expect(await send({ type: 'workflow.trigger.bi-name' })).toMatchObject({
      status: 404,
      body: { code: 'pipeline-not-found' },
    });
    expect((await send({ type: 'workflow.trigger.by-name', payload: { workflowName: 'other' } })).status).toBe(400);
  });

  it('takes an id once', async () => {
    const event = { id: 'graph-17', type: 'graph.file.updated', payload: FILE };
    const first = await send(event);
    const again = await send(event);
    expect(again).toMatchObject({ status: 202, body: { duplicate: true, runs: first.body.runs } });
  });

  it.each([
    ['a type that Baton makes itself', { type: 'repo.push', payload: {} }, 'invalid-request'],
    ['a field that is not known', { type: 'hub.health.status', data: {} }, 'invalid-request'],
    ['a repository that is not there', { type: 'hub.health.status', repository: 'wob' }, 'repository-not-found'],
    [
      'a file of nobody knows which repository',
      { type: 'graph.file.updated', payload: { filePath: 'a.ts' } },
      'repository-missing',
    ],
    ['too much', { type: 'hub.health.status', payload: { text: 'x'.repeat(70_000) } }, 'context-too-large'],
  ])('refuses %s, and writes nothing', async (_is, event, code) => {
    const count = () => api.record.inTx((tx) => tx.selectFrom('events').select('id').execute());
    const before = (await count()).length;
    expect((await send(event)).body.code).toBe(code);
    expect(await count()).toHaveLength(before);
  });

  it('takes a key of an author, and one that is limited to events, which opens nothing else', async () => {
    expect((await send({ type: 'hub.health.status' }, 'reviewer')).body.code).toBe('role-too-low');
    const made = await api.post('/api/me/keys', { label: 'graph', scopes: ['events:write'] }, { as: 'author' });
    expect(made.status).toBe(201);
    const { token } = made.body as unknown as { readonly token: string };
    const headers = { authorization: `Bearer ${token}` };
    const body = { id: randomUUID(), type: 'hub.health.status' };
    expect((await api.post('/api/events', body, { as: null, headers })).status).toBe(202);
    for (const path of ['/api/runs', '/metrics', '/api/docs'])
      expect(await api.get(path, { as: null, headers })).toMatchObject({
        status: 403,
        body: { code: 'scope-missing' },
      });
  });

  it('refuses a key of other scopes', async () => {
    const { organisationId, people } = api.record;
    const personId = people.author.id;
    const key = await api.record.inTx((tx) =>
      createApiKey(tx, { organisationId, personId, label: 'x', kind: 'key', scopes: [] }),
    );
    const headers = { authorization: `Bearer ${key}` };
    const body = { id: randomUUID(), type: 'hub.health.status' };
    expect((await api.post('/api/events', body, { as: null, headers })).body.code).toBe('scope-missing');
  });
});

describe('POST /api/events with a signature', () => {
  it('takes an event of a known source without a key, and runs are for who saved the pipeline', async () => {
    const sent = await sign({ type: 'graph.file.updated', payload: FILE })();
    expect(sent.status).toBe(202);
    expect(startedBy(sent)).toEqual(['on-file']);
    const audit = await api.record.inTx((tx) =>
      tx.selectFrom('audit').select(['actor', 'action']).orderBy('id', 'desc').executeTakeFirstOrThrow(),
    );
    expect(audit).toMatchObject({ actor: { kind: 'system', name: 'source code-graph' }, action: 'event.send' });
  });

  it('takes each signature once, and an id once however often it is signed', async () => {
    const event = { id: 'graph-18', type: 'graph.file.updated', payload: FILE };
    const first = sign(event);
    const taken = await first();
    expect(taken.status).toBe(202);
    expect(await first()).toMatchObject({ status: 409, body: { code: 'event-replayed' } });
    expect(await sign(event, { timestamp: now() - 1 })()).toMatchObject({
      status: 202,
      body: { duplicate: true, runs: taken.body.runs },
    });
  });

  it.each([
    ['another secret', { secret: `${SECRET}!` }],
    ['an unknown source', { source: 'other' }],
    ['a time long past', { timestamp: now() - 600 }],
    ['a time to come', { timestamp: now() + 600 }],
  ])('refuses %s', async (_is, how) => {
    expect(await sign({ type: 'hub.health.status' }, how)()).toMatchObject({
      status: 401,
      body: { code: 'signature-invalid' },
    });
  });

  it('refuses a body that was changed, and one that is no JSON', async () => {
    const headers = {
      'x-baton-source': 'code-graph',
      'x-baton-timestamp': String(now()),
      'x-baton-signature': `sha256=${'0'.repeat(64)}`,
    };
    expect((await api.post('/api/events', '{}', { as: null, headers })).status).toBe(401);
    const timestamp = String(now());
    const signature = createHmac('sha256', SECRET).update(`${timestamp}.{`).digest('hex');
    const signed = { ...headers, 'x-baton-timestamp': timestamp, 'x-baton-signature': `sha256=${signature}` };
    expect((await api.post('/api/events', '{', { as: null, headers: signed })).body.code).toBe('malformed-json');
  });
});

describe('sources of events', () => {
  it('are variables with long secrets, whose values are not repeated', () => {
    expect(() => parseEventSources({ BATON_EVENT_SOURCE_CI: 'short-secret' })).toThrow(
      /BATON_EVENT_SOURCE_CI: .*at least 32 characters/,
    );
    expect(() => parseEventSources({ BATON_EVENT_SOURCE_CI: 'short-secret' })).not.toThrow(/short-secret/);
    expect(() => parseEventSources({ BATON_EVENTS_ORGANISATION: 'acme' })).toThrow(/id of an organisation/);
    const organisation = randomUUID();
    expect(parseEventSources({ BATON_EVENTS_ORGANISATION: organisation }).organisation).toBe(organisation);
  });
});
