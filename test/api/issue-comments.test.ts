import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const ISSUES = '/api/repositories/lib/issues';

async function openIssue(): Promise<string> {
  const { body } = await api.post(ISSUES, { title: 'A weakness' });
  return `${ISSUES}/${body.number}`;
}

describe('comments on an issue', () => {
  beforeAll(async () => {
    await api.post('/api/repositories', { name: 'lib' });
  });

  it('are read in their order, with who wrote them', async () => {
    const issue = await openIssue();
    for (const body of ['first', 'second'])
      expect(await api.post(`${issue}/comments`, { body }, { as: 'author' })).toMatchObject({
        status: 201,
        body: { state: 'open' },
      });
    expect((await api.get(`${issue}/comments`)).body.items).toMatchObject([
      { body: 'first', author: { kind: 'person', name: 'author' } },
      { body: 'second' },
    ]);
  });

  it('close the issue and open it again, which is audited', async () => {
    const issue = await openIssue();
    const newest = async () => (await api.get('/api/audit?limit=1')).body.items[0]!;
    await api.post(`${issue}/comments`, { body: 'It is gone.', state: 'closed' }, { as: 'author' });
    expect((await api.get(issue)).body.state).toBe('closed');
    expect(await newest()).toMatchObject({ action: 'issue.close', actor: { name: 'author' }, outcome: 'success' });
    await api.post(`${issue}/comments`, { body: 'It is back.', state: 'open' }, { as: 'author' });
    expect((await api.get(issue)).body.state).toBe('open');
    expect(await newest()).toMatchObject({ action: 'issue.reopen' });
    expect((await api.get('/api/audit?limit=2')).body.items[1]).toMatchObject({ action: 'issue.close' });
  });

  it('are written once with the same key', async () => {
    const issue = await openIssue();
    const headers = { 'idempotency-key': 'one-comment' };
    for (let time = 0; time < 2; time += 1)
      expect((await api.post(`${issue}/comments`, { body: 'once' }, { headers })).status).toBe(201);
    expect((await api.get(`${issue}/comments`)).body.items).toHaveLength(1);
  });

  it('need an issue, something to say, and the right to', async () => {
    const issue = await openIssue();
    expect((await api.post(`${ISSUES}/9999/comments`, { body: 'x' })).status).toBe(404);
    expect((await api.get(`${ISSUES}/9999/comments`)).status).toBe(404);
    expect((await api.post(`${issue}/comments`, { body: '' })).status).toBe(400);
    expect((await api.post(`${issue}/comments`, { body: 'x' }, { as: 'reader' })).status).toBe(403);
  });
});
