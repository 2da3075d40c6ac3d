import { appendArtifact, openArtifact } from '../../src/artifacts/artifacts.js';
import { appendAudit } from '../../src/db/audit.js';
import { withOrganisation } from '../../src/db/connection.js';
import { activityLine } from '../../src/schema/api/activity.js';
import { noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let run: { id: string; number: number };
beforeAll(async () => {
  api = await serveApi();
  run = await api.record.createRun({ plan: plan('works', [noop('work'), noop('each')]) });
});
afterAll(() => api.close());

const at = '2026-01-02T03:04:05.678Z';
const THOUGHT = { at, type: 'think', text: 'How to say Grüß Gott?' };
const EDIT = { at, type: 'edit', path: 'src/hello.ts', digest: 'abc', result: { ok: true, text: 'Two lines.' } };
const COMMAND = { at, type: 'command', command: 'npm test', result: { ok: false, text: 'one failed: hello' } };
const USAGE = { at, type: 'usage', inputTokens: 12, outputTokens: null, costUsd: 0.5 };
const ERROR = { at, type: 'error', text: 'it broke' };

const opened = (attempt: number, item: number | null = null, step = 'work') =>
  api.record.inTx(async (tx) => {
    const { organisationId } = api.record;
    await tx
      .insertInto('attempts')
      .values({ organisation_id: organisationId, run_id: run.id, step, item, attempt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const key = { organisationId, runId: run.id, step, item, attempt, kind: 'events', name: 'events.ndjson' } as const;
    return openArtifact(tx, { ...key, mediaType: 'application/x-ndjson' });
  });
const write = async (file: { readonly id: string }, text: string) =>
  api.record.inTx((tx) => appendArtifact(tx, file.id, Buffer.from(text)));
const linesOf = (events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const read = async (query = '') => {
  const { status, text } = await api.get(`/api/runs/${run.number}/activity${query}`, { as: 'reader' });
  expect(status).toBe(200);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
};

describe('GET /api/runs/:id/activity', () => {
  beforeAll(async () => {
    const first = await opened(1);
    await write(first, linesOf([THOUGHT, EDIT, COMMAND]));
    const second = await opened(2);
    await write(second, linesOf([USAGE, ERROR]));
    await write(second, '\n— the log is cut here: it is longer than Baton keeps —\n{"at":"');
    await write(await opened(1, 3, 'each'), linesOf([ERROR]));
  });

  it('gives what the agents did, attempt by attempt, each line with its place and as documented', async () => {
    const lines = await read();
    expect(lines).toEqual([
      { step: 'work', item: null, attempt: 1, ...THOUGHT },
      { step: 'work', item: null, attempt: 1, ...EDIT },
      { step: 'work', item: null, attempt: 1, ...COMMAND },
      { step: 'work', item: null, attempt: 2, ...USAGE },
      { step: 'work', item: null, attempt: 2, ...ERROR },
      { step: 'each', item: 3, attempt: 1, ...ERROR },
    ]);
    for (const line of lines) expect(activityLine.parse(line)).toEqual(line);
  });

  it.each([
    ['?step=each', ['error']],
    ['?step=each&item=2', []],
    ['?attempt=1&item=3', ['error']],
    ['?step=work&attempt=2', ['usage', 'error']],
    ['?type=edit,command', ['edit', 'command']],
    ['?failed=true&step=work', ['command', 'error']],
    ['?q=HELLO', ['edit', 'command']],
    ['?q=hello%20failed', ['command']],
    ['?q=gr%C3%BC%C3%9F', ['think']],
    // Neither the names of fields, nor times, nor digests are what it did.
    ['?q=abc', []],
    ['?q=2026', []],
    ['?type=think&q=hello', []],
  ])('leaves what is asked for: %s', async (query, types) => {
    expect((await read(query)).map(({ type }) => type)).toEqual(types);
  });

  it('gives the whole of a long one, also where a line lies across what is read at once', async () => {
    const file = await opened(9, 9, 'each');
    const text = 'ü'.repeat(1_500);
    const events = Array.from({ length: 900 }, (_, n) => ({ at, type: 'think', text: `${n} ${text}` }));
    await write(file, linesOf(events));
    const found = await read('?step=each&item=9');
    expect(found.map(({ text: said }) => said)).toEqual(events.map(({ text: said }) => said));
  });

  it('refuses what it cannot filter by, and a run that is not there', async () => {
    expect(await api.get(`/api/runs/${run.number}/activity?type=dream`)).toMatchObject({ status: 400 });
    expect(await api.get(`/api/runs/${run.number}/activity?failed=perhaps`)).toMatchObject({ status: 400 });
    expect(await api.get('/api/runs/999/activity')).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
  });
});

describe('GET /api/runs/:id/refusals', () => {
  const refuse = (details: object, more: object = {}) =>
    api.record.inTx((tx) =>
      appendAudit(tx, {
        organisationId: api.record.organisationId,
        actor: { kind: 'agent', id: null, name: 'devon' },
        action: 'sandbox.refuse',
        resource: `run:${run.id}`,
        details: { run: run.number, step: 'work', attempt: 1, ...details },
        outcome: 'denied',
        ...more,
      }),
    );
  beforeAll(async () => {
    await refuse({ kind: 'network', what: 'GET http://a.example is not on the list of allowed hosts' });
    await refuse(
      { kind: 'permission', what: 'it never changes these', rule: 'files.never', files: ['.env'] },
      { action: 'commit.refuse' },
    );
    await refuse({ attempt: 2, kind: 'limit', what: 'it used more than 512 MiB of memory' });
    await refuse({ step: 'each', item: 3, what: 'More than 100 refusals: no more of this attempt are kept.' });
    await refuse({ what: 'of another run' }, { resource: `run:${crypto.randomUUID()}` });
    await refuse({ what: 'another act' }, { action: 'run.cancel' });
  });
  const whats = async (query = '') =>
    (await api.get(`/api/runs/${run.number}/refusals${query}`, { as: 'reader' })).body.items.map(
      (item) => (item as unknown as { what: string }).what,
    );

  it('gives what was refused of the run’s attempts, oldest first, with whom, why and by which rule', async () => {
    const { body } = await api.get(`/api/runs/${run.number}/refusals`, { as: 'reader' });
    expect(body).toMatchObject({
      next: null,
      items: [
        { step: 'work', item: null, attempt: 1, agent: 'devon', kind: 'network', details: {} },
        { kind: 'permission', details: { rule: 'files.never', files: ['.env'] } },
        { attempt: 2, kind: 'limit' },
        { step: 'each', item: 3, kind: null, what: expect.stringMatching(/^More than 100/) as string },
      ],
    });
  });

  it('narrows to a step, an item and an attempt, and goes on page by page', async () => {
    expect(await whats('?step=work&attempt=1')).toHaveLength(2);
    expect(await whats('?attempt=2')).toEqual(['it used more than 512 MiB of memory']);
    expect(await whats('?step=each&item=3')).toHaveLength(1);
    expect(await whats('?step=each&item=4')).toEqual([]);
    const { body } = await api.get(`/api/runs/${run.number}/refusals?limit=3`);
    expect(body.items).toHaveLength(3);
    expect(await whats(`?limit=3&cursor=${body.next!}`)).toEqual([expect.stringMatching(/^More than 100/)]);
  });

  it('tells nobody of another organisation’s', async () => {
    const other = await api.record.createOrganisation('other');
    await withOrganisation(api.record.db, other, (tx) =>
      appendAudit(tx, {
        organisationId: other,
        actor: { kind: 'agent', id: null, name: 'stranger' },
        action: 'sandbox.refuse',
        resource: `run:${run.id}`,
        details: { step: 'work', attempt: 1, kind: 'network', what: 'theirs' },
        outcome: 'denied',
      }),
    );
    expect(await whats()).not.toContain('theirs');
  });
});
