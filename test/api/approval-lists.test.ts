import { askForApproval, type AskedApproval } from './asked-approval.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const ask = (approval: AskedApproval) => askForApproval(api.record, approval);

const list = async (query: string, as: 'admin' | 'reviewer' | 'reader' = 'reviewer') => {
  const { body, status } = await api.get(`/api/approvals?${query}`, { as });
  expect(status).toBe(200);
  return { ids: body.items.map(({ id }) => id), next: body.next };
};

describe('with approvals open for different people, and some settled', () => {
  let old: string, both: string, given: string, foreign: string, settledLate: string, settledEarly: string;

  beforeAll(async () => {
    old = await ask({ days: 8, approvers: ['team-lead'], risk: 'low' });
    both = await ask({ days: 7, approvers: ['team-lead', 'admin'] });
    given = await ask({ days: 6, approvers: ['team-lead', 'admin'], approvedBy: 'reviewer' });
    foreign = await ask({ days: 5, approvers: ['admin'] });
    settledLate = await ask({ days: 4, approvers: ['team-lead'], approvedBy: 'reviewer', settledDays: 1 });
    settledEarly = await ask({ days: 3, approvers: ['team-lead'], approvedBy: 'reviewer', settledDays: 2 });
  });

  it('lists what waits for you, the longest waiting first', async () => {
    expect((await list('waiting=me&order=oldest')).ids).toEqual([old, both]);
    expect((await list('waiting=me&order=oldest', 'admin')).ids).toEqual([both, given, foreign]);
  });

  it('lists the riskiest first, of those the longest waiting, and what nobody has rated with them', async () => {
    expect((await list('waiting=me&order=risk')).ids).toEqual([both, old]);
  });

  it('lists what waits for others', async () => {
    expect((await list('waiting=others')).ids).toEqual([foreign, given]);
    expect((await list('waiting=others', 'reader')).ids).toHaveLength(4);
  });

  it('lists what is settled, the last settled first', async () => {
    expect((await list('status=settled')).ids).toEqual([settledLate, settledEarly]);
  });

  it.each([
    'waiting=me&order=oldest',
    'waiting=me&order=risk',
    'status=settled',
    'order=oldest',
    'order=newest',
    'status=open',
  ])('gives %s page by page, nothing twice and nothing left out', async (query) => {
    const whole = await list(query, 'admin');
    const paged: string[] = [];
    let cursor = '';
    do {
      const { ids, next } = await list(`${query}&limit=1${cursor && `&cursor=${cursor}`}`, 'admin');
      paged.push(...ids);
      cursor = next ?? '';
    } while (cursor !== '');
    expect(whole.ids.length).toBeGreaterThan(1);
    expect(paged).toEqual(whole.ids);
  });

  it('counts them, as each sees them', async () => {
    expect((await api.get('/api/approvals/count', { as: 'reviewer' })).body).toEqual({ open: 4, mine: 2 });
    expect((await api.get('/api/approvals/count', { as: 'admin' })).body).toEqual({ open: 4, mine: 3 });
    expect((await api.get('/api/approvals/count', { as: 'reader' })).body).toEqual({ open: 4, mine: 0 });
  });

  it('refuses an order and a state that do not exist', async () => {
    expect((await api.get('/api/approvals?order=random')).status).toBe(400);
    expect((await api.get('/api/approvals?status=decided')).status).toBe(400);
  });
});
