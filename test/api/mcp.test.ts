import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { readChecklist } from '../../src/db/checklists.js';
import { endStepToken, makeStepToken, readReport } from '../../src/db/step-tokens.js';
import { writeListed } from '../../src/db/checklist-marks.js';
import type { StepWork } from '../../src/domain/step-work.js';
import { serveApi, type ServedApi } from './served-api.js';
import { beginStep } from './step-at-work.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

const begin = (change: Partial<StepWork> = {}) => beginStep(api, change);

async function connect(token: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${token}`, ...headers } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${api.url}/api/mcp`), { requestInit }));
  clients.push(client);
  return client;
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { content, isError = false } = await client.callTool({ name, arguments: args });
  const [first] = content;
  return { isError, text: first?.type === 'text' ? first.text : '' };
}

const post = (token: string | null, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/api/mcp`, {
    method: 'POST',
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  });
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const reportOf = (work: StepWork) => api.record.inTx((tx) => readReport(tx, work));

describe('Baton’s tools, for an agent at its step', () => {
  it('are these, with what they take', async () => {
    const { token } = await begin();
    const { tools } = await (await connect(token)).listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...['get_briefing', 'search_context', 'add_steps', 'complete_step', 'ask', 'report_blocked', 'submit'],
    ]);
    expect(tools.find(({ name }) => name === 'complete_step')!.inputSchema).toMatchObject({
      required: ['item'],
      properties: { status: { enum: ['open', 'done', 'failed'] } },
    });
  });

  it('keep the checklist of its step, live', async () => {
    const { work, token } = await begin();
    const required = [{ text: 'Write the docs', source: 'required' as const }];
    await api.record.inTx((tx) => writeListed(tx, work, required));
    const client = await connect(token);
    expect(await call(client, 'add_steps', { items: ['Find the cause', 'Mend it'] })).toEqual({
      isError: false,
      text: '[0/3] Next: Write the docs',
    });
    expect(await call(client, 'complete_step', { item: 'Write the docs', note: 'in docs/a.md' })).toEqual({
      isError: false,
      text: '[1/3] Next: Find the cause',
    });
    expect(await call(client, 'complete_step', { item: 'Mend it', status: 'failed' })).toMatchObject({
      text: '[1/3] Next: Find the cause',
    });
    const rows = await api.record.inTx((tx) => readChecklist(tx, work.ref));
    expect(rows.map(({ text, source, status, note }) => ({ text, source, status, note }))).toEqual([
      { text: 'Write the docs', source: 'required', status: 'done', note: 'in docs/a.md' },
      { text: 'Find the cause', source: 'agent', status: 'open', note: null },
      { text: 'Mend it', source: 'agent', status: 'failed', note: null },
    ]);
    const events = await api.record.inTx((tx) =>
      tx.selectFrom('events').select('briefing').where('run_id', '=', work.ref.run.runId).execute(),
    );
    expect(events.map(({ briefing }) => briefing)).toContainEqual(
      expect.stringContaining('[1/3] Write the docs (in docs/a.md)'),
    );
  });

  it('say what is wrong with a call, and go on', async () => {
    const { token } = await begin();
    const client = await connect(token);
    expect(await call(client, 'complete_step', { item: 'Nothing of it' })).toEqual({
      isError: true,
      text: 'This call marks "Nothing of it", which is no item of the checklist.',
    });
    const options = [
      { name: 'A', says: 'a' },
      { name: 'A', says: 'b' },
    ];
    expect(await call(client, 'ask', { text: 'Which?', options })).toMatchObject({
      isError: true,
      text: expect.stringContaining('two options have one name') as string,
    });
    expect(await call(client, 'add_steps', { items: ['One'] })).toMatchObject({ isError: false });
  });

  it('ask people, which ends the attempt', async () => {
    const { work, token } = await begin();
    const client = await connect(token);
    const options = [
      { name: 'Keep', says: 'Callers go on.' },
      { name: 'Rename', says: 'Callers change.' },
    ];
    const question = { text: 'Keep the old name? The key is sk-0123456789abcdefgh', options, recommended: 'Keep' };
    expect(await call(client, 'ask', question)).toEqual({
      isError: false,
      text: 'People are asked. End your turn now: you go on when they have answered.',
    });
    expect(await reportOf(work)).toEqual({
      kind: 'question',
      question: { text: 'Keep the old name? The key is [redacted]', options, recommended: 'Keep', freeText: false },
    });
    expect(await call(client, 'submit', { summary: 'Done after all.' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('end your turn') as string,
    });
    expect(await reportOf(work)).toMatchObject({ kind: 'question' });
  });

  it('report that it is blocked, as a question that people answer in their own words', async () => {
    const { work, token } = await begin();
    await call(await connect(token), 'report_blocked', { reason: 'The registry is away.' });
    expect(await reportOf(work)).toMatchObject({
      kind: 'question',
      question: { text: 'I cannot go on: The registry is away.', freeText: true },
    });
  });

  it('submit its work with a summary', async () => {
    const { work, token } = await begin();
    const client = await connect(token);
    expect(await call(client, 'submit', { summary: ' ' })).toMatchObject({ isError: true });
    const finding = { rule: 'r', severity: 'low', message: 'm' };
    await call(client, 'submit', { summary: 'Looked.', output: { score: 9 }, findings: [finding] });
    expect(await reportOf(work)).toEqual({
      kind: 'submission',
      summary: 'Looked.',
      output: { score: 9 },
      findings: [{ ...finding, file: null, line: null, fix: null }],
    });
  });

  it('are no way for who only gives advice to ask back, or to keep a list', async () => {
    const { token } = await begin({ action: 'orchestrate.advise' });
    const client = await connect(token);
    expect(await call(client, 'report_blocked', { reason: 'No idea.' })).toMatchObject({ isError: true });
    expect(await call(client, 'add_steps', { items: ['One'] })).toMatchObject({ isError: true });
  });
});

describe('the token of a step', () => {
  it('opens its step’s tools and nothing else of the API', async () => {
    const { token } = await begin();
    for (const path of ['/api/me', '/api/runs', '/api/events', '/metrics']) {
      const { status } = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect(`${path} ${status}`).toBe(`${path} 401`);
    }
  });

  it('is the only key to them', async () => {
    expect((await post(null, LIST)).status).toBe(401);
    expect((await post('baton_step_made-up', LIST)).status).toBe(401);
    const response = await post(api.record.people.admin.key, LIST);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'not-signed-in' });
  });

  it('is good until its attempt ends, one way or the other', async () => {
    const first = await begin();
    const client = await connect(first.token);
    await api.record.inTx((tx) => endStepToken(tx, first.work));
    expect((await post(first.token, LIST)).status).toBe(401);
    await expect(client.callTool({ name: 'submit', arguments: { summary: 'Too late.' } })).rejects.toThrow();

    const second = await begin();
    const other = await connect(second.token);
    await api.record.inTx((tx) =>
      tx.updateTable('attempts').set({ status: 'failed' }).where('run_id', '=', second.work.ref.run.runId).execute(),
    );
    expect(await call(other, 'submit', { summary: 'Too late.' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('This attempt has ended') as string,
    });
    expect(await reportOf(second.work)).toBeNull();
  });

  it('gives way to the next execution’s, which takes back what was submitted, and no question', async () => {
    const { work, token } = await begin();
    await call(await connect(token), 'submit', { summary: 'Done.' });
    const next = await api.record.inTx((tx) => makeStepToken(tx, work));
    expect((await post(token, LIST)).status).toBe(401);
    expect(await reportOf(work)).toBeNull();
    await call(await connect(next), 'report_blocked', { reason: 'Stuck.' });
    await api.record.inTx((tx) => makeStepToken(tx, work));
    expect(await reportOf(work)).toMatchObject({ kind: 'question' });
  });

  it('is for so many calls', async () => {
    const { work, token } = await begin();
    const client = await connect(token);
    await api.record.inTx((tx) =>
      tx.updateTable('step_tokens').set({ calls: 1_000 }).where('run_id', '=', work.ref.run.runId).execute(),
    );
    expect(await call(client, 'add_steps', { items: ['One'] })).toMatchObject({
      isError: true,
      text: 'An attempt calls Baton at most 1000 times.',
    });
  });

  it('is nowhere in clear', async () => {
    const { work, token } = await begin();
    const { rows } = await api.record.inTx(async (tx) => ({
      rows: await tx.selectFrom('step_tokens').selectAll().where('run_id', '=', work.ref.run.runId).execute(),
    }));
    expect(JSON.stringify(rows)).not.toContain(token);
    await call(await connect(token), 'report_blocked', { reason: `My token is ${token}.` });
    expect(JSON.stringify(await reportOf(work))).toContain('My token is [redacted].');
    expect(api.log.join('\n')).not.toContain(token);
  });
});

describe('a page that a browser shows', () => {
  it('does not get through, even with a token', async () => {
    const { token } = await begin();
    const response = await post(token, LIST, { origin: 'https://evil.example' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'wrong-origin' });
  });
});

it('refuses texts that the record cannot keep', async () => {
  const { token } = await begin();
  const params = { name: 'submit', arguments: { summary: 'a\0b' } };
  expect((await post(token, { ...LIST, method: 'tools/call', params })).status).toBe(400);
});
