import { request } from 'node:http';
import { createApiKey } from '../../src/db/people.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let cookie: string;

beforeAll(async () => {
  api = await serveApi();
  await api.record.addRepository('demo');
});
afterAll(() => api.close());

const link = (expiresAt = new Date(Date.now() + 60_000)) =>
  api.record.inTx((tx) =>
    createApiKey(tx, {
      organisationId: api.record.organisationId,
      personId: api.record.people.author.id,
      label: 'link',
      kind: 'sign-in',
      expiresAt,
    }),
  );

/** `fetch` keeps Host, Origin and cookies to itself. */
function send(
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
) {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }>(
    (resolve, reject) => {
      const sent = request(
        `${api.url}${path}`,
        { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    },
  );
}
const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as { code?: string }).code;

describe('a sign-in link', () => {
  it('opens a session once, in a cookie that scripts and other sites do not get', async () => {
    const token = await link();
    const first = await send(`/sign-in?token=${token}`);
    expect(first.status).toBe(303);
    expect(first.headers['location']).toBe('/');
    const [set] = first.headers['set-cookie'] as string[];
    expect(set).toMatch(/^baton_session=baton_[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
    cookie = set!.split(';')[0]!;

    expect((await send(`/sign-in?token=${token}`)).status).toBe(401);
    expect((await send(`/sign-in?token=${token}`, { headers: { cookie } })).status).toBe(303);
    expect(JSON.parse((await send('/api/me', { headers: { cookie } })).text)).toMatchObject({
      handle: 'author',
      session: 'session',
    });
  });

  it.each([
    ['has expired', () => link(new Date(Date.now() - 1))],
    ['is a key', () => Promise.resolve(api.record.people.admin.key)],
    ['is nothing', () => Promise.resolve('')],
  ])('opens nothing when it %s', async (_, make) => {
    const answer = await send(`/sign-in?token=${await make()}`);
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('tells a person in words', async () => {
    const answer = await send('/sign-in?token=x', { headers: { accept: 'text/html' } });
    expect(answer.text).toMatch(/^This sign-in link was used already/);
    expect(answer.headers['content-type']).toMatch('text/plain');
  });

  it('leads to a page of Baton, and to no other', async () => {
    const go = async (next: string) =>
      (await send(`/sign-in?token=${await link()}&next=${encodeURIComponent(next)}`)).headers['location'];
    expect(await go('/approvals?status=open#x')).toBe('/approvals?status=open#x');
    for (const next of ['//evil.example', 'https://evil.example', '/\\\\evil.example', '/\t/evil.example', 'runs', ''])
      expect(await go(next)).toBe('/');
  });

  it('is not used up by who only looks whether it is there', async () => {
    const token = await link();
    expect((await send(`/sign-in?token=${token}`, { method: 'HEAD' })).status).toBe(204);
    expect((await send(`/sign-in?token=${token}`)).status).toBe(303);
  });

  it('is given to whoever has a key, for themselves, and a new one at each try', async () => {
    const headers = { 'idempotency-key': 'link' };
    const ask = () => api.post('/api/sign-in-links', { next: '/approvals' }, { as: 'reader', headers });
    const [first, second] = [await ask(), await ask()];
    expect(first.status).toBe(201);
    expect(second.body.url).not.toBe(first.body.url);
    const opened = await send(first.body.url);
    expect([opened.status, opened.headers['location']]).toEqual([303, '/approvals']);
    const [set] = opened.headers['set-cookie'] as string[];
    const me = await send('/api/me', { headers: { cookie: set!.split(';')[0]! } });
    expect(JSON.parse(me.text)).toMatchObject({ handle: 'reader' });
    const kept = await api.record.inTx((tx) => tx.selectFrom('idempotency_keys').select('key').execute());
    expect(kept).toEqual([]);
    expect((await api.post('/api/sign-in-links', { next: '//evil.example' })).status).toBe(400);
    expect((await api.post('/api/sign-in-links', {}, { as: null })).status).toBe(401);
  });

  it('is used once by ten at a time', async () => {
    const token = await link();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(`/sign-in?token=${token}`)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });
});

describe('a browser session', () => {
  const issue = { title: 'From the page' };
  const path = '/api/repositories/demo/issues';

  it('may write from Baton’s own page', async () => {
    const { host } = new URL(api.url);
    expect(
      (await send(path, { method: 'POST', body: issue, headers: { cookie, origin: `http://${host}` } })).status,
    ).toBe(201);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nowhere', {}],
  ])('may not write from %s', async (_, headers) => {
    const answer = await send(path, { method: 'POST', body: issue, headers: { cookie, ...headers } });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'wrong-origin']);
  });

  it('is not good under a name that only points here (DNS rebinding)', async () => {
    const headers = { cookie, host: 'evil.example', origin: 'http://evil.example' };
    expect(codeOf(await send('/api/me', { headers }))).toBe('wrong-host');
    expect(codeOf(await send(path, { method: 'POST', body: issue, headers }))).toBe('wrong-host');
    expect(
      codeOf(
        await send(`/sign-in?token=${await link()}`, { headers: { host: 'evil.example', accept: 'application/json' } }),
      ),
    ).toBe('wrong-host');
  });

  it('is no key: it is not taken from the header, nor a key from the cookie', async () => {
    const session = cookie.split('=')[1]!;
    expect((await send('/api/me', { headers: { authorization: `Bearer ${session}` } })).status).toBe(401);
    expect(
      (await send('/api/me', { headers: { cookie: `baton_session=${api.record.people.admin.key}` } })).status,
    ).toBe(401);
  });

  it('does not help a request with a key that is wrong', async () => {
    expect((await send('/api/me', { headers: { cookie, authorization: 'Bearer wrong' } })).status).toBe(401);
  });
});

describe('signing out', () => {
  it('ends the session, from Baton’s own page only', async () => {
    const { host } = new URL(api.url);
    const signedIn = await send(`/sign-in?token=${await link()}`);
    const own = (signedIn.headers['set-cookie'] as string[])[0]!.split(';')[0]!;
    const out = (origin: string) => send('/api/session', { method: 'DELETE', headers: { cookie: own, origin } });
    expect(codeOf(await out('https://evil.example'))).toBe('wrong-origin');
    const ended = await out(`http://${host}`);
    expect(ended.status).toBe(204);
    expect(ended.headers['set-cookie']).toEqual([expect.stringMatching(/^baton_session=;.*Expires=Thu, 01 Jan 1970/)]);
    expect((await send('/api/me', { headers: { cookie: own } })).status).toBe(401);
    expect((await api.get('/api/audit?action=session.end&outcome=success')).body.items).toMatchObject([
      { actor: { name: 'author' } },
    ]);
  });

  it('is not for keys', async () => {
    expect((await api.send('DELETE', '/api/session')).body).toMatchObject({ status: 409, code: 'not-a-session' });
    expect((await api.get('/api/me')).status).toBe(200);
  });
});

describe('served under a name of its own', () => {
  it('takes browsers at that name', async () => {
    const named = await serveApi({ baseUrl: 'https://baton.example' });
    const headers = { cookie: 'baton_session=x', host: 'baton.example' };
    const answer = await new Promise<number>((resolve) =>
      request(`${named.url}/api/me`, { headers }, (response) => resolve(response.resume().statusCode!)).end(),
    );
    expect(answer).toBe(401);
    await named.close();
  });
});
