import { peopleOfProject } from '../../src/db/approvals.js';
import { createdKey, keys } from '../../src/schema/api/people.js';
import { serveApi, type Answered, type ServedApi } from './served-api.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const codeOf = ({ status, body: { code } }: Answered) => ({ status, code });
const save = (handle: string, more: object = {}, as: 'admin' | 'author' = 'admin') =>
  api.post('/api/people', { handle, role: 'reviewer', ...more }, { as });
const keyFor = async (handle: string): Promise<string> =>
  createdKey.parse((await api.post(`/api/people/${handle}/keys`, { label: 'first key' })).body).token;
const whoAmI = (token: string) => fetch(`${api.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
const answersTo = async (handle: string): Promise<readonly string[] | undefined> => {
  const people = await api.record.inTx((tx) => peopleOfProject(tx, api.record.projectId));
  return people.find((person) => person.handle === handle)?.roles.toSorted();
};

describe('people', () => {
  it('are let in by an admin, with what they may do and a first key', async () => {
    expect(codeOf(await save('ann', {}, 'author'))).toEqual({ status: 403, code: 'role-too-low' });
    expect((await save('ann', { name: 'Ann', jobRoles: ['dba', 'on-call'] })).status).toBe(201);
    expect((await api.get('/api/people')).body.items).toContainEqual(
      expect.objectContaining({
        handle: 'ann',
        name: 'Ann',
        role: 'reviewer',
        jobRoles: [
          { project: 'demo', role: 'dba' },
          { project: 'demo', role: 'on-call' },
        ],
        leftAt: null,
      }),
    );
    const me = await whoAmI(await keyFor('ann'));
    expect(codeOf(await api.post('/api/people/ann/keys', { label: 'second' }))).toEqual({
      status: 409,
      code: 'has-key',
    });
    expect(await me.json()).toMatchObject({ handle: 'ann', projects: [{ roles: ['dba', 'on-call'] }] });
  });

  it('get other roles when they are saved again; what is not said stays', async () => {
    await save('ann', { role: 'author' });
    expect(await answersTo('ann')).toEqual(['dba', 'on-call']);
    await save('ann', { jobRoles: [] });
    expect(await answersTo('ann')).toEqual([]);
    expect((await api.get('/api/people')).body.items).toContainEqual(
      expect.objectContaining({ handle: 'ann', name: 'Ann', role: 'reviewer' }),
    );
  });

  it('who leave open nothing and answer to nothing any more, and may come back', async () => {
    await save('ben', { jobRoles: ['dba'] });
    const token = await keyFor('ben');
    expect((await whoAmI(token)).status).toBe(200);
    expect((await api.send('DELETE', '/api/people/ben')).status).toBe(200);
    expect((await whoAmI(token)).status).toBe(401);
    expect(await answersTo('ben')).toBeUndefined();
    expect(codeOf(await api.send('DELETE', '/api/people/ben'))).toEqual({ status: 404, code: 'person-not-found' });
    expect(codeOf(await api.post('/api/people/ben/keys', { label: 'x' }))).toEqual({
      status: 404,
      code: 'person-not-found',
    });
    await save('ben');
    expect(await answersTo('ben')).toEqual([]);
    expect((await whoAmI(token)).status).toBe(401);
  });

  it('cannot lose their last admin', async () => {
    const { handle } = (await api.get('/api/me')).body;
    expect(codeOf(await api.send('DELETE', `/api/people/${handle}`))).toEqual({ status: 409, code: 'last-admin' });
    expect(codeOf(await save(handle, { role: 'author' }))).toEqual({ status: 409, code: 'last-admin' });
    expect((await api.get('/api/me')).body).toMatchObject({ role: 'admin' });
  });

  it('are in the audit trail with who let them in, and no key is', async () => {
    const { body } = await api.get('/api/audit?action=key.create');
    expect(body.items).toContainEqual(expect.objectContaining({ resource: 'person:ann', outcome: 'success' }));
    expect(JSON.stringify((await api.get('/api/audit?limit=200')).body)).not.toContain('baton_');
  });
});

describe('a team', () => {
  it('gives its people its name and the job roles that it holds', async () => {
    await save('cat', { jobRoles: ['cto'] });
    await api.post('/api/teams', { name: 'platform', members: ['ann', 'cat'], jobRoles: ['security-lead'] });
    expect(await answersTo('cat')).toEqual(['cto', 'platform', 'security-lead']);
    expect(await answersTo('ann')).toEqual(['platform', 'security-lead']);
    await api.post('/api/teams', { name: 'platform', members: ['cat'] });
    expect(await answersTo('ann')).toEqual([]);
    expect((await api.get('/api/teams')).body.items).toEqual([
      { name: 'platform', members: ['cat'], jobRoles: [{ project: 'demo', role: 'security-lead' }] },
    ]);
    await api.send('DELETE', '/api/teams/platform');
    expect(await answersTo('cat')).toEqual(['cto']);
    expect(codeOf(await api.send('DELETE', '/api/teams/platform'))).toEqual({ status: 404, code: 'team-not-found' });
  });

  it('is called like nobody, and has only people that are there', async () => {
    expect(codeOf(await api.post('/api/teams', { name: 'cat', members: [] }))).toEqual({
      status: 409,
      code: 'name-taken',
    });
    await api.post('/api/teams', { name: 'core', members: [] });
    expect(codeOf(await save('core'))).toEqual({ status: 409, code: 'name-taken' });
    expect(codeOf(await api.post('/api/teams', { name: 'core', members: ['nobody'] }))).toEqual({
      status: 404,
      code: 'person-not-found',
    });
  });
});

describe('keys', () => {
  it('are made, listed without what opens, and revoked by whom they are of', async () => {
    const made = createdKey.parse(
      (await api.post('/api/me/keys', { label: 'laptop', expiresInDays: 30 }, { as: 'reader' })).body,
    );
    expect((await whoAmI(made.token)).status).toBe(200);
    const { items } = keys.parse((await api.get('/api/me/keys', { as: 'reader' })).body);
    const key = items.find(({ label }) => label === 'laptop')!;
    expect(key).toMatchObject({ expiresAt: made.expiresAt });
    expect(codeOf(await api.send('DELETE', `/api/me/keys/${key.id}`))).toEqual({ status: 404, code: 'key-not-found' });
    expect((await api.send('DELETE', `/api/me/keys/${key.id}`, { as: 'reader' })).status).toBe(200);
    expect((await whoAmI(made.token)).status).toBe(401);
  });
});
