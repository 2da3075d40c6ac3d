import { clearEscalation, openEscalation } from '../../src/db/escalations.js';
import { createNotice } from '../../src/db/notices.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi({ dispatcher: { wake: () => undefined } });
});
afterAll(() => api.close());

const slack = { name: '#security', kind: 'slack', secretEnv: 'BATON_CHANNEL_SLACK' };
const faults = async (channel: object) => {
  const { status, body } = await api.post('/api/channels', { ...slack, ...channel });
  expect(status).toBe(400);
  return body.errors.map(({ pointer }) => pointer);
};

describe('channels', () => {
  it('are saved by name, listed and taken away by administrators', async () => {
    expect(await api.post('/api/channels', slack)).toMatchObject({ status: 201, body: { name: '#security' } });
    const night = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    await api.post('/api/channels', { ...slack, settings: { channel: 'C0123456789' }, quietHours: night });
    await api.post('/api/channels', {
      name: 'team-mail',
      kind: 'mail',
      settings: { host: 'mail.example.org', port: 587, from: 'baton@example.org', to: ['team@example.org'] },
    });
    const { body } = await api.get('/api/channels');
    expect(body.items).toMatchObject([
      {
        name: '#security',
        kind: 'slack',
        settings: { channel: 'C0123456789', apiUrl: 'https://slack.com/api' },
        secretEnv: 'BATON_CHANNEL_SLACK',
        quietHours: night,
      },
      { name: 'team-mail', kind: 'mail', settings: { encryption: 'starttls' }, secretEnv: null, quietHours: null },
    ]);
    expect(await api.send('DELETE', '/api/channels/%23security')).toMatchObject({ status: 200 });
    expect((await api.send('DELETE', '/api/channels/%23security')).body).toMatchObject({
      code: 'channel-not-found',
      status: 404,
    });
    for (const asked of [
      api.get('/api/channels', { as: 'author' }),
      api.post('/api/channels', slack, { as: 'author' }),
    ])
      expect((await asked).status).toBe(403);
    const { body: audit } = await api.get('/api/audit?action=channel.save');
    expect(audit.items).toHaveLength(4);
  });

  it('are told nothing that is wrong, and no secret', async () => {
    expect(await faults({ secretEnv: 'DATABASE_URL' })).toEqual(['/secretEnv']);
    expect(await faults({ secretEnv: undefined })).toEqual(['/secretEnv']);
    expect(await faults({ settings: { token: 'xoxb-1' } })).toEqual(['/settings/token']);
    expect(await faults({ name: '#No Room' })).toEqual(['/name']);
    expect(await faults({ kind: 'pigeon' })).toEqual(['/kind']);
    expect(await faults({ quietHours: { from: '22:00', to: '7', timeZone: 'Mars/Base' } })).toEqual([
      '/quietHours/to',
      '/quietHours/timeZone',
    ]);
    expect(await faults({ kind: 'webhook', settings: { url: 'file:///etc/passwd' } })).toEqual(['/settings/url']);
    const mail = { host: 'mail.example.org', port: 587, user: 'baton', from: 'a@b.c', to: ['a@b.c'] };
    expect(await faults({ kind: 'mail', settings: mail, secretEnv: undefined })).toEqual(['/secretEnv']);
    expect(await faults({ kind: 'mail', settings: { ...mail, to: ['a@b.c\r\nBcc: x@y.z'] } })).toEqual([
      '/settings/to/0',
    ]);
  });
});

describe('notices', () => {
  const write = (key: string, channel = '#security') =>
    api.record.inTx((tx) =>
      createNotice(tx, {
        organisationId: api.record.organisationId,
        key,
        channel,
        event: 'test',
        runId: null,
        urgent: false,
        title: `The ${key}`,
        text: 'sk-aaaaaaaaaaaaaaaaaaaaaaaa is the key',
        data: {},
      }),
    );
  const settle = (id: string, status: 'sent' | 'failed') =>
    api.record.inTx((tx) =>
      tx.updateTable('notices').set({ status, dispatched_at: new Date() }).where('id', '=', id).execute(),
    );

  it('are listed newest first, in pages, by status and channel, without what looks like a secret', async () => {
    await settle(await write('one'), 'sent');
    await settle(await write('two', 'team-mail'), 'failed');
    await write('three');
    const titles = async (query: string) =>
      (await api.get(`/api/notices?${query}`)).body.items.map(({ title }) => title);
    const first = (await api.get('/api/notices?limit=2', { as: 'reader' })).body;
    expect(first.items.map(({ title }) => title)).toEqual(['The three', 'The two']);
    expect(first.items[0]).toMatchObject({ text: '[redacted] is the key', status: 'pending', attempts: 0 });
    expect(await titles(`limit=2&cursor=${first.next}`)).toEqual(['The one']);
    expect(await titles('status=failed')).toEqual(['The two']);
    expect(await titles('channel=team-mail')).toEqual(['The two']);
    expect((await api.get('/api/notices?status=lost')).status).toBe(400);
  });

  it('that failed are sent once more, and no others', async () => {
    const id = await write('again');
    await settle(id, 'failed');
    expect((await api.post(`/api/notices/${id}/resend`, {}, { as: 'reader' })).status).toBe(403);
    expect(await api.post(`/api/notices/${id}/resend`, {}, { as: 'author' })).toMatchObject({
      status: 202,
      body: { id, status: 'pending' },
    });
    expect((await api.post(`/api/notices/${id}/resend`, {})).body).toMatchObject({
      code: 'notice-not-failed',
      status: 409,
    });
    expect((await api.post(`/api/notices/${crypto.randomUUID()}/resend`, {})).status).toBe(404);
  });
});

describe('escalations', () => {
  it('are listed newest first, by status', async () => {
    const { organisationId, projectId } = api.record;
    const inTx: ServedApi['record']['inTx'] = (work) => api.record.inTx(work);
    for (const subject of ['a', 'b', 'c'])
      await inTx((tx) =>
        openEscalation(tx, {
          organisationId,
          projectId,
          cause: 'agent-blocked',
          subject,
          title: `The ${subject}`,
          since: new Date(),
          runId: null,
          facts: {},
        }),
      );
    await inTx((tx) => clearEscalation(tx, 'agent-blocked', 'b'));
    const titles = async (query: string) =>
      (await api.get(`/api/escalations?${query}`, { as: 'reader' })).body.items.map(({ title }) => title);
    const first = (await api.get('/api/escalations?limit=2')).body;
    expect(first.items).toMatchObject([
      { title: 'The c', cause: 'agent-blocked', status: 'open', levels: [], closedAt: null },
      { title: 'The b', status: 'cleared' },
    ]);
    expect(await titles(`limit=2&cursor=${first.next}`)).toEqual(['The a']);
    expect(await titles('status=open')).toEqual(['The c', 'The a']);
  });
});
