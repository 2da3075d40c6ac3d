import { createApiKey, createPerson } from '../../src/db/people.js';
import { serveApi, type Answered, type ServedApi } from './served-api.js';

let api: ServedApi;
let second: string;
beforeAll(async () => {
  api = await serveApi();
  await api.record.addRepository('lib');
});
afterAll(() => api.close());

const OWN = 'landsAlone: low-risk\n';
const propose = (source: string, repository: string | null = 'lib') =>
  api.post('/api/policies', { source, repository, reason: 'because' });
const approve = (id: string) => api.post(`/api/policies/${id}/decision`, { decision: 'approve' });
const versions = async (repository: string) =>
  (await api.get(`/api/policies?repository=${repository}`)).body.versions.map(
    ({ version, status, soleMember }: Record<string, unknown>) => [version, status, soleMember],
  );
const codeOf = ({ status, body: { code } }: Answered) => ({ status, code });

describe('policies', () => {
  it('come with Baton, and are proposed and approved by admins only', async () => {
    const { body } = await api.get('/api/policies', { as: 'reader' });
    expect(body.versions).toEqual([]);
    expect(body.shipped).toContain('security-critical:');
    const asAuthor = await api.post('/api/policies', { source: OWN, reason: 'x' }, { as: 'author' });
    expect(codeOf(asAuthor)).toEqual({ status: 403, code: 'role-too-low' });
  });

  it('of a sole admin are approved by that one, marked so, and the version before no longer holds', async () => {
    for (let round = 0; round < 2; round += 1) {
      const { body, status } = await propose(OWN);
      expect(status).toBe(201);
      expect((await approve(body.id)).status).toBe(200);
      expect(codeOf(await approve(body.id))).toEqual({ status: 409, code: 'policies-decided' });
    }
    expect(await versions('lib')).toEqual([
      [2, 'active', true],
      [1, 'superseded', true],
    ]);
    const { body: held } = await api.get('/api/policies?repository=lib');
    expect(held).toMatchObject({
      holds: { landsAlone: 'low-risk', asks: { high: 'feature' } },
      owners: [{ repository: 'lib', active: 2, proposed: 0 }],
    });
    expect((await api.get('/api/policies')).body).toMatchObject({ holds: { landsAlone: 'nothing' } });
    const { body: audit } = await api.get('/api/audit?action=policies.decide');
    expect(audit.items.filter(({ outcome }) => outcome === 'success')).toHaveLength(2);
  });

  it('are not approved by who proposed them where there is another admin', async () => {
    const { organisationId } = api.record;
    second = await api.record.inTx(async (tx) => {
      const personId = await createPerson(tx, { organisationId, handle: 'second', name: 'Second', role: 'admin' });
      return createApiKey(tx, { organisationId, personId, label: 'test', kind: 'key' });
    });
    const { body } = await propose(OWN);
    expect(codeOf(await approve(body.id))).toEqual({ status: 403, code: 'own-proposal' });
    expect(
      (
        await api.post(
          `/api/policies/${body.id}/decision`,
          { decision: 'approve' },
          { as: null, headers: { authorization: `Bearer ${second}` } },
        )
      ).status,
    ).toBe(200);
    expect(await versions('lib')).toEqual([
      [3, 'active', false],
      [2, 'superseded', true],
      [1, 'superseded', true],
    ]);
    const refused = (await propose(OWN)).body.id;
    expect((await api.post(`/api/policies/${refused}/decision`, { decision: 'reject', note: 'no' })).status).toBe(200);
    expect(await versions('lib')).toHaveLength(4);
  });

  it.each([
    ['no YAML', 'risk: [', /1:\d+ /],
    ['a key that there is not', 'riks: []\n', /1:1 \/riks Unrecognized key: "riks" \(did you mean `risk`\?\)/],
    [
      'a glob that is none',
      "risk:\n  - { name: a, tier: low, why: b, paths: ['[a'] }\n",
      /2:\d+ \/risk\/0\/paths\/0 is no glob/,
    ],
    [
      'a condition that is none',
      'risk:\n  - { name: a, tier: low, why: b, when: "change." }\n',
      /\/risk\/0\/when is no CEL/,
    ],
    [
      'a pattern from data',
      'risk:\n  - { name: a, tier: low, why: b, when: "change.pipeline.matches(change.repository)" }\n',
      /takes a pattern in quotes/,
    ],
    ['a rule that names nothing', 'risk:\n  - { name: a, tier: low, why: b }\n', /names nothing/],
    [
      'a rule that rates and lowers',
      'risk:\n  - { name: a, tier: low, lowers: low, why: b, paths: [a] }\n',
      /one of both/,
    ],
    ['any and all', 'policies:\n  p: { why: a, any: [a], all: [b] }\n', /`any` or `all`/],
    ['all of at least some', 'policies:\n  p: { why: a, all: [b], atLeast: 2 }\n', /`atLeast` goes with `any`/],
    ['nobody', 'policies:\n  p: { why: a, any: ["a b"] }\n', /is a handle or a job role/],
    [
      'a policy that there is not',
      'asks: { medium: featur, high: feature }\n',
      /no policy featur; did you mean feature/,
    ],
    [
      'a rule that there is not',
      'policies:\n  p: { why: a, any: [b], rules: [schem] }\n',
      /no risk rule schem; did you mean schema/,
    ],
    ['a name of Baton’s own', 'risk:\n  - { name: unknown, tier: low, why: b, paths: [a] }\n', /Baton’s own/],
  ])('with %s are refused with the place, and nothing stays behind', async (_what, source, says) => {
    const { status, body } = await propose(source);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'policies-invalid' });
    expect(body.detail).toMatch(says);
    expect(await versions('lib')).toHaveLength(4);
  });

  it('of the organisation have to say everything', async () => {
    expect((await propose(OWN, null)).body.detail).toMatch(/\/risk .*\/policies .*\/asks /);
    const { shipped } = (await api.get('/api/policies')).body;
    expect((await propose(shipped, null)).status).toBe(201);
    expect(codeOf(await propose(OWN, 'nowhere'))).toMatchObject({ status: 404 });
  });
});

describe('an absence', () => {
  const until = (days: number) => new Date(Date.now() + days * 24 * 3600_000).toISOString();
  const away = (body: object) => api.post('/api/me/absences', body, { as: 'reviewer' });

  it('is said, listed and ended by the person', async () => {
    const { body } = await away({ until: until(3), delegate: 'author', note: 'holiday' });
    expect((await api.get('/api/me/absences', { as: 'reviewer' })).body.items).toMatchObject([
      { id: body.id, delegate: 'author', note: 'holiday' },
    ]);
    expect(codeOf(await away({ until: until(1) }))).toEqual({ status: 409, code: 'absence-overlaps' });
    expect(codeOf(await api.send('DELETE', `/api/me/absences/${body.id}`, { as: 'admin' }))).toMatchObject({
      status: 404,
    });
    expect((await api.send('DELETE', `/api/me/absences/${body.id}`, { as: 'reviewer' })).status).toBe(200);
    expect((await api.get('/api/me/absences', { as: 'reviewer' })).body.items).toEqual([]);
  });

  it('that has not begun leaves nothing when it is ended', async () => {
    const { body } = await away({ from: until(1), until: until(2) });
    expect((await api.send('DELETE', `/api/me/absences/${body.id}`, { as: 'reviewer' })).status).toBe(200);
    expect((await away({ from: until(1), until: until(2) })).status).toBe(201);
  });

  it.each([
    [{ until: '2020-01-01T00:00:00Z' }, 400, 'invalid-request'],
    [{ until: 'soon' }, 400, 'invalid-request'],
    [{ from: until(9), until: until(400) }, 400, 'invalid-request'],
    [{ from: until(3), until: until(4), delegate: 'nobody' }, 404, 'person-not-found'],
    [{ from: until(3), until: until(4), delegate: 'reviewer' }, 422, 'own-delegate'],
    [{ from: until(3), until: until(4), delegate: 'reader' }, 422, 'delegate-cannot-decide'],
  ])('is refused where it says %j', async (body, status, code) => {
    expect(codeOf(await away(body))).toEqual({ status, code });
  });
});
