import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { createApiKey } from '../../src/db/people.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const from = { headers: { 'user-agent': 'test/1' } };
const newest = async () => (await api.get('/api/audit?limit=1')).body.items[0]!;
const origin = {
  address: '127.0.0.1',
  userAgent: 'test/1',
  session: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
};

describe('a pipeline', () => {
  const source = 'name: one\nsteps:\n  - { name: One, action: flow.noop }\n';

  it('is saved and activated by somebody, from somewhere, with a key', async () => {
    await api.post('/api/pipelines', { source }, { as: 'author', ...from });
    const entry = { resource: 'pipeline:one', actor: { name: 'author' }, outcome: 'success', ...origin };
    expect(await newest()).toMatchObject({ action: 'pipeline.save', ...entry });
    await api.post('/api/pipelines/one/state', { state: 'active' }, { as: 'author', ...from });
    expect(await newest()).toMatchObject({ action: 'pipeline.state', details: { state: 'active' }, ...entry });
  });
});

describe('a repository', () => {
  const TOKEN = 'very-secret-word-4711';
  let folder: string;
  let host: string;
  const run = promisify(execFile);
  const logins: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    logins.push(req.headers.authorization);
    readFile(join(folder, new URL(req.url ?? '/', 'http://x').pathname)).then(
      (body) => res.end(body),
      () => res.writeHead(404).end(),
    );
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-http-'));
    const work = join(folder, 'work');
    await run('git', ['init', '-q', '-b', 'main', work]);
    await writeFile(join(work, 'a.txt'), 'a\n');
    await run('git', ['-C', work, 'add', '.']);
    await run('git', ['-C', work, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'a']);
    await run('git', ['clone', '-q', '--bare', work, join(folder, 'lib.git')]);
    await run('git', ['-C', join(folder, 'lib.git'), 'update-server-info']);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const add = (name: string, path: string) =>
    api.post(
      '/api/repositories',
      { name, source: `http://maya:${TOKEN}@${host}/${path}?key=${TOKEN}` },
      { headers: { ...from.headers, 'idempotency-key': name } },
    );

  /** Every table with a row that holds the text somewhere. */
  async function tablesWith(text: string): Promise<string[]> {
    const { db } = api.record;
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`.execute(
      db,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const table = sql.table(name);
      const hits = await sql`select from ${table} where ${table}::text like ${`%${text}%`} limit 1`.execute(db);
      if (hits.rows.length > 0) found.push(name);
    }
    return found;
  }

  it('is imported from an address with a login, which is kept nowhere', async () => {
    const { status, body } = await api.post(
      '/api/repositories',
      { name: 'lib', source: `http://maya:${TOKEN}@${host}/lib.git` },
      { headers: { ...from.headers, 'idempotency-key': 'lib' } },
    );
    expect(body.detail).toBeUndefined();
    expect(status).toBe(201);
    expect(await newest()).toMatchObject({
      action: 'repository.add',
      resource: 'repository:lib',
      details: { source: `http://${host}/lib.git` },
      ...origin,
    });
    const pull = await api.post('/api/repositories/lib/pull', { from: `http://maya:${TOKEN}@${host}/lib.git` });
    expect(pull).toMatchObject({ status: 200, body: { from: `http://${host}/lib.git` } });
    expect(logins).toContain(`Basic ${Buffer.from(`maya:${TOKEN}`).toString('base64')}`);
    const push = await api.post('/api/repositories/lib/push', {
      to: `http://maya:${TOKEN}@${host}/lib.git`,
      as: 'other',
    });
    expect(push).toMatchObject({ status: 422, body: { code: 'source-unreadable' } });
    for (const answer of [pull, push]) expect(answer.text).not.toContain(TOKEN);
    expect(await tablesWith(host)).toContain('audit');
    expect(await tablesWith(TOKEN)).toEqual([]);
    expect(api.log.filter((line) => line.includes(TOKEN))).toEqual([]);
  });

  it('that cannot be imported tells it to nobody either', async () => {
    const { status, text } = await add('none', 'none.git');
    expect(status).toBe(422);
    expect(text).not.toContain(`:${TOKEN}@`);
    expect(await newest()).toMatchObject({ action: 'repository.add', outcome: 'failure', ...origin });
    expect(api.log.filter((line) => line.includes(`:${TOKEN}@`))).toEqual([]);
  });
});

describe('a browser', () => {
  const link = () =>
    api.record.inTx((tx) =>
      createApiKey(tx, {
        organisationId: api.record.organisationId,
        personId: api.record.people.author.id,
        label: 'link',
        kind: 'sign-in',
        expiresAt: new Date(Date.now() + 60_000),
      }),
    );
  const open = async (path: string, method: string, headers: Record<string, string>) => {
    const sent = request(`${api.url}${path}`, { method, headers: { 'user-agent': 'test/1', ...headers } });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  };

  it('that signs in is in the trail, and so is the link that is used again', async () => {
    const token = await link();
    await open(`/sign-in?token=${token}`, 'GET', {});
    const entry = { action: 'session.open', resource: 'person:author', actor: { name: 'author' }, ...origin };
    expect(await newest()).toMatchObject({ ...entry, outcome: 'success' });
    await open(`/sign-in?token=${token}`, 'GET', {});
    expect(await newest()).toMatchObject({ ...entry, outcome: 'denied' });
  });

  it('whose session another site acts with is refused, and the trail says so', async () => {
    const signedIn = await open(`/sign-in?token=${await link()}`, 'GET', {});
    const cookie = signedIn.headers['set-cookie']![0]!.split(';')[0]!;
    const denied = { outcome: 'denied', actor: { name: 'author' }, ...origin };
    await open('/api/runs', 'POST', { cookie, origin: 'https://evil.example' });
    expect(await newest()).toMatchObject({ action: 'run.create', details: { code: 'wrong-origin' }, ...denied });
    await open('/api/me', 'GET', { cookie, host: 'evil.example' });
    expect(await newest()).toMatchObject({ action: 'getMe', details: { code: 'wrong-host' }, ...denied });
  });
});

describe('GET /api/audit/export', () => {
  const lines = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; action: string; hash: string; previousHash: string | null });

  it('gives all entries as JSON lines, oldest first, each with the hash before it, and ends with itself', async () => {
    const { headers, text } = await api.get('/api/audit/export', from);
    expect(headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const entries = lines(text);
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.map(({ previousHash }) => previousHash)).toEqual([
      null,
      ...entries.slice(0, -1).map(({ hash }) => hash),
    ]);
    expect(entries.at(-1)).toMatchObject({ action: 'audit.export', outcome: 'success', ...origin });
  });

  it('takes the filters of the list', async () => {
    const entries = lines((await api.get('/api/audit/export?action=pipeline.save')).text);
    expect(entries.map(({ action }) => action)).toEqual(['pipeline.save']);
    expect(await newest()).toMatchObject({ action: 'audit.export', details: { action: 'pipeline.save' } });
  });

  it('is for admins', async () => {
    expect((await api.get('/api/audit/export', { as: 'author' })).status).toBe(403);
    expect(await newest()).toMatchObject({ action: 'audit.export', outcome: 'denied', actor: { name: 'author' } });
  });

  it('goes on over many pages', async () => {
    await api.record.inTx((tx) =>
      sql`insert into audit (organisation_id, actor, action, resource, details, outcome)
          select ${api.record.organisationId}::uuid, '{"kind":"system","id":null,"name":"baton"}', 'many', 'n:' || n, '{}', 'success'
          from generate_series(1, 2500) n`.execute(tx),
    );
    const entries = lines((await api.get('/api/audit/export?action=many')).text);
    expect(entries).toHaveLength(2500);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(2500);
  });
});
