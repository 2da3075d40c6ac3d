import { noop, plan } from './record.js';
import { eventually } from '../support/eventually.js';
import { serveApi, type Answered, type ServedApi } from './served-api.js';

let api: ServedApi;

/** Two projects, each with a repository, an agent and a pipeline of the same name. */
beforeAll(async () => {
  api = await serveApi();
  const { record } = api;
  const organisation_id = record.organisationId;
  await record.addRepository('lib');
  await record.addPipeline(plan('build', [noop('one')], 'feature'));
  await record.inTx(async (tx) => {
    const { id: project_id } = await tx
      .insertInto('projects')
      .values({ organisation_id, name: 'other' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const place = { organisation_id, project_id, name: 'lib' };
    await tx
      .insertInto('repositories')
      .values({
        ...place,
        forge: 'local',
        remote_url: '/nowhere',
        default_branch: 'main',
        protected_branches: ['main'],
      })
      .execute();
    const pipeline = await tx
      .insertInto('pipelines')
      .values({ ...place, name: 'build', state: 'active', version: 1 })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('pipeline_versions')
      .values({
        organisation_id,
        pipeline_id: pipeline.id,
        version: 1,
        source: 'name: build',
        plan: JSON.stringify(plan('build', [noop('one'), noop('two')], 'feature')),
      })
      .execute();
    for (const project of [record.projectId, project_id])
      await tx
        .insertInto('agents')
        .values({
          organisation_id,
          project_id: project,
          name: 'devon',
          type: 'custom',
          kind: 'SCRIPT',
          adapter: 'command',
          roles: ['developer'],
          entry: '{}',
          risk_level: 'AUTO',
          owner_id: null,
        })
        .execute();
  });
});
afterAll(() => api.close());

const codeOf = ({ status, body: { code } }: Answered) => ({ status, code });
const openIssue = (title: string, labels: readonly string[], project: string) =>
  api.post(`/api/repositories/lib/issues?project=${project}`, { title, labels });

describe('what has a name', () => {
  it.each([
    ['/api/repositories/lib', { name: 'lib' }],
    ['/api/agents/devon', { name: 'devon' }],
    ['/api/pipelines/build', { name: 'build' }],
  ])('is found at %s in the project that is named', async (path, found) => {
    for (const project of ['demo', 'other'])
      expect((await api.get(`${path}?project=${project}`, { as: 'reader' })).body).toMatchObject({ ...found, project });
    expect(codeOf(await api.get(path))).toEqual({ status: 422, code: 'project-required' });
    expect(codeOf(await api.get(`${path}x?project=demo`))).toMatchObject({ status: 404 });
  });

  it('has issues, labels and pull requests of its own', async () => {
    expect(codeOf(await api.post('/api/repositories/lib/issues', { title: 'where' }))).toMatchObject({
      code: 'project-required',
    });
    const { body } = await openIssue('here', [], 'other');
    const at = `/api/repositories/lib/issues/${body.number}`;
    expect((await api.get(`${at}?project=other`)).body).toMatchObject({ id: body.id });
    expect(codeOf(await api.get(`${at}?project=demo`))).toEqual({ status: 404, code: 'issue-not-found' });
    expect((await api.get('/api/repositories/lib/issues?project=demo')).body.items).toEqual([]);
    expect((await api.get('/api/repositories/lib/pull-requests?project=other')).body.items).toEqual([]);
  });

  it('is a pull request by its number', async () => {
    const { record } = api;
    await record.inTx(async (tx) => {
      const { id } = await tx
        .selectFrom('repositories')
        .select('id')
        .where('project_id', '=', record.projectId)
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('pull_requests')
        .values({
          organisation_id: record.organisationId,
          repository_id: id,
          number: 77,
          title: 'feat: a',
          body: '',
          head: 'a',
          base: 'main',
        })
        .execute();
    });
    const path = '/api/repositories/lib/pull-requests/77';
    expect((await api.get(`${path}?project=demo`)).body).toMatchObject({ number: 77, head: 'a', reviews: [] });
    expect(codeOf(await api.get(`${path}?project=other`))).toEqual({ status: 404, code: 'pull-request-not-found' });
  });
});

describe('a label', () => {
  it('starts the pipelines of its own project only', async () => {
    const { body } = await openIssue('only there', ['feature'], 'other');
    expect(body.runs).toHaveLength(1);
    expect((await api.get(`/api/runs/${body.runs[0]!.number}`)).body).toMatchObject({
      project: 'other',
      pipeline: { name: 'build' },
      steps: [{ id: 'one' }, { id: 'two' }],
    });
    const numbers = async (project: string) =>
      (await api.get(`/api/runs?project=${project}`)).body.items.map(({ number }) => number);
    expect(await numbers('other')).toEqual([body.runs[0]!.number]);
    expect(await numbers('demo')).toEqual([]);
  });

  it('is taken off, which is told; put on again it starts again', async () => {
    const { body } = await openIssue('on and off', ['P1', 'a/b c'], 'demo');
    const path = `/api/repositories/lib/issues/${body.number}/labels/${encodeURIComponent('a/b c')}?project=demo`;
    const asked = { as: 'author', headers: { 'idempotency-key': 'off' } } as const;
    const first = await api.send('DELETE', path, asked);
    expect([first.status, first.body]).toEqual([200, { number: body.number, labels: ['P1'] }]);
    expect((await api.send('DELETE', path, asked)).body).toEqual(first.body);
    expect(codeOf(await api.send('DELETE', path))).toEqual({ status: 404, code: 'label-not-found' });
    expect((await api.send('DELETE', path, { as: 'reader' })).status).toBe(403);
    const headers = { accept: 'application/json' };
    // Another suite's open transaction holds the stream back for a moment.
    const told = await eventually(async () => {
      const { items } = (await api.get('/api/events?type=issue.unlabeled', { headers })).body;
      return items.length > 0 && items;
    });
    expect(told).toMatchObject([{ actor: { name: 'author' }, payload: { number: body.number, label: 'a/b c' } }]);
    expect((await api.get('/api/audit?action=issue.unlabel&outcome=success')).body.items).toHaveLength(1);
  });
});

describe('an issue', () => {
  it('shows its newest runs, and says how many there are', async () => {
    const { body: issue } = await openIssue('often', [], 'demo');
    const { record } = api;
    for (let n = 0; n < 22; n += 1) {
      const { id } = await record.createRun();
      await record.inTx((tx) => tx.updateTable('runs').set({ issue_id: issue.id }).where('id', '=', id).execute());
    }
    const { body } = await api.get(`/api/repositories/lib/issues/${issue.number}?project=demo`);
    expect(body).toMatchObject({ runCount: 22 });
    const numbers = body.runs.map(({ number }) => number);
    expect(numbers).toHaveLength(20);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  });
});
