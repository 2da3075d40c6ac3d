import { sql } from 'kysely';
import { appendAudit, expireAudit } from '../../src/db/audit.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
  await api.record.addRepository('demo');
});
afterAll(() => api.close());

const verdict = async () => (await api.get('/api/audit/verify')).body;
/** The owner of the tables can do what nobody who serves requests can. */
const asOwner = (statement: string) => sql.raw(statement).execute(api.record.db);

const fill = (entries: number) =>
  Promise.all(
    Array.from({ length: entries }, (_, n) =>
      api.record.inTx((tx) =>
        appendAudit(tx, {
          organisationId: api.record.organisationId,
          actor: { kind: 'system', id: null, name: 'baton' },
          action: 'test',
          resource: `n:${n}`,
          outcome: 'success',
        }),
      ),
    ),
  );

describe('the audit trail', () => {
  it('has each write, refusal and denial, with who, from where and by which key', async () => {
    await api.post(
      '/api/repositories/demo/issues',
      { title: 'a' },
      { as: 'author', headers: { 'user-agent': 'test/1' } },
    );
    await api.post('/api/repositories/nope/issues', { title: 'a' }, { as: 'author' });
    await api.post('/api/repositories/demo/issues', { title: 'a' }, { as: 'reader' });
    await api.get('/api/audit', { as: 'reader' });
    const { items } = (await api.get('/api/audit')).body;
    expect(items.map(({ action, outcome, actor, details }) => [action, outcome, actor.name, details])).toEqual([
      ['listAudit', 'denied', 'reader', { code: 'role-too-low' }],
      ['issue.open', 'denied', 'reader', { code: 'role-too-low' }],
      ['issue.open', 'failure', 'author', { code: 'repository-not-found' }],
      ['issue.open', 'success', 'author', { title: 'a', labels: [] }],
    ]);
    expect(items[3]).toMatchObject({
      resource: 'issue:demo#1',
      address: '127.0.0.1',
      userAgent: 'test/1',
      session: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
    expect((await api.get('/api/audit?outcome=denied&actor=reader&action=issue.open')).body.items).toHaveLength(1);
  });

  it('does not stand where the write did not happen', async () => {
    const before = (await api.get('/api/audit?outcome=success&limit=200')).body.items.length;
    await api.post('/api/runs', { pipeline: 'none' });
    expect((await api.get('/api/audit?outcome=success&limit=200')).body.items.length).toBe(before);
  });

  it('is one unbroken chain, also of 40 writers at once', async () => {
    await fill(40);
    expect(await verdict()).toMatchObject({ intact: true, broken: null, entries: expect.any(Number) as unknown });
    expect((await verdict()).entries).toBeGreaterThanOrEqual(44);
  });

  it('cannot be changed by those who serve requests', async () => {
    await expect(api.record.inTx((tx) => tx.updateTable('audit').set({ action: 'nothing' }).execute())).rejects.toThrow(
      /permission denied/,
    );
    await expect(api.record.inTx((tx) => tx.deleteFrom('audit').execute())).rejects.toThrow(/permission denied/);
  });

  it('tells which entry was changed', async () => {
    await asOwner(`update audit set details = details || '{"x": 1}' where resource = 'n:7'`);
    const { items } = (await api.get('/api/audit?resource=n:7')).body;
    expect(await verdict()).toMatchObject({
      intact: false,
      broken: { id: items[0]!.id, why: expect.stringContaining('content') as unknown },
    });
    await asOwner(`update audit set details = details - 'x' where resource = 'n:7'`);
    expect((await verdict()).intact).toBe(true);
  });

  it('verifies from where retention ended, and says who took what out', async () => {
    const { items } = (await api.get('/api/audit?limit=200')).body;
    const middle = items[20]!;
    const gone = await expireAudit(api.record.db, new Date(Date.parse(middle.at)));
    expect(gone).toBeGreaterThan(10);
    expect(await verdict()).toMatchObject({ intact: true, entries: items.length - gone + 1 });
    expect((await api.get('/api/audit?action=audit.expired')).body.items).toMatchObject([
      { actor: { kind: 'system' }, resource: `audit:${items[items.length - gone]!.id}`, outcome: 'success' },
    ]);
    expect(await expireAudit(api.record.db, new Date(Date.parse(middle.at)))).toBe(0);
  });

  it('verifies when retention took everything, and goes on from there', async () => {
    await expireAudit(api.record.db, new Date(Date.now() + 1000));
    expect(await verdict()).toMatchObject({ intact: true, entries: 1 });
    await fill(10);
    expect(await verdict()).toMatchObject({ intact: true, entries: 11 });
  });

  it('tells when more is missing at its beginning than retention took out', async () => {
    const { items } = (await api.get('/api/audit?limit=200')).body;
    await expireAudit(api.record.db, new Date(Date.parse(items[5]!.at)));
    const oldest = (await api.get('/api/audit?limit=200')).body.items.at(-1)!;
    await asOwner(`delete from audit where id = ${oldest.id}`);
    expect(await verdict()).toMatchObject({
      intact: false,
      broken: { why: expect.stringContaining('removed') as unknown },
    });
  });

  it('tells where one was taken out', async () => {
    await fill(10);
    await asOwner(`delete from audit where resource = 'n:9'`);
    expect(await verdict()).toMatchObject({
      intact: false,
      broken: { why: expect.stringContaining('removed') as unknown },
    });
  });
});
