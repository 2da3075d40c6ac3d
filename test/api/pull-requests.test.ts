import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Plan } from '../../src/domain/plan.js';
import type { RunInput } from '../../src/domain/run-input.js';
import { eventually } from '../support/eventually.js';
import { commitTo } from '../support/forge-commit.js';
import { noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let bare: string;

const reacting = (name: string, filters: Record<string, string[]>): Plan => ({
  ...plan(name, [noop('look')]),
  triggers: [{ kind: 'event', type: 'repo.pr.opened', filters }],
});

beforeAll(async () => {
  api = await serveApi();
  const { principal, projectId } = { principal: asker(), projectId: api.record.projectId };
  const made = await api.deps.forge.createRepository({ principal, projectId, name: 'demo', source: null });
  bare = made.remoteUrl;
  const tree = git('mktree', '--missing');
  git('update-ref', 'refs/heads/main', git('commit-tree', '-m', 'Begin', tree));
  await api.record.addPipeline(reacting('review-code', { files: ['**/*.{ts,tsx}'], base: ['main'] }));
  await api.record.addPipeline(reacting('review-docs', { files: ['docs/**'] }));
  await api.record.addPipeline(reacting('sleeping', {}), 'draft');
});
afterAll(() => api.close());

const asker = () => ({
  organisationId: api.record.organisationId,
  personId: api.record.people.author.id,
  handle: 'author',
});
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: bare,
    encoding: 'utf8',
    input: '',
  }).trim();
function branch(name: string, files: Record<string, string>): string {
  git('branch', name, 'main');
  return commitTo(bare, name, files);
}
const open = (body: object, headers = {}) =>
  api.post('/api/repositories/demo/pull-requests', { title: 'A change', ...body }, { as: 'author', headers });

describe('a pull request that a person opens', () => {
  it('starts the active pipelines whose filters let it through, on its branch, with what it changes', async () => {
    const main = git('rev-parse', 'main');
    const commit = branch('change/1', { 'src/deep/a.tsx': 'x', 'README.md': 'y' });
    const { status, body } = await open({ head: 'change/1', labels: ['ui'] });
    expect({ status, runs: body.runs }).toMatchObject({ status: 201, runs: [{ pipeline: 'review-code' }] });
    const run = await api.record.inTx((tx) =>
      tx.selectFrom('runs').selectAll().where('id', '=', body.runs[0]!.id).executeTakeFirstOrThrow(),
    );
    expect(run.workflow_id).toMatch(new RegExp(`^review-code/demo/pull-request-${body.number}/\\d+$`));
    const files = ['README.md', 'src/deep/a.tsx'];
    expect(run.input as unknown as RunInput).toMatchObject({
      branch: 'change/1',
      context: {
        pullRequest: { number: body.number, title: 'A change', head: 'change/1', base: 'main', labels: ['ui'] },
        commit,
        previousCommit: main,
        files,
      },
      requestedBy: { handle: 'author' },
    });
    const headers = { accept: 'application/json' };
    // Another suite's open transaction holds the stream back for a moment.
    const told = await eventually(async () => {
      const { items } = (await api.get('/api/events?type=repo.pr.opened', { headers })).body;
      return items.length > 0 && items;
    });
    expect(told).toMatchObject([{ payload: { number: body.number, repository: 'demo', files, author: 'author' } }]);
  });

  it('is opened once for a key, and the second answer is the first', async () => {
    branch('change/2', { 'b.ts': 'x' });
    const headers = { 'idempotency-key': randomUUID() };
    const first = await open({ head: 'change/2' }, headers);
    await api.record.db.deleteFrom('idempotency_keys').execute();
    const second = await open({ head: 'change/2' }, headers);
    expect(second.body).toEqual(first.body);
    expect(first.body.runs).toHaveLength(1);
  });

  it('is refused where there is nothing to merge, no such branch, or one open', async () => {
    git('branch', 'empty', 'main');
    expect((await open({ head: 'empty' })).body.code).toBe('nothing-to-merge');
    expect((await open({ head: 'nowhere' })).body.code).toBe('branch-not-found');
    branch('change/3', { 'c.ts': 'x' });
    expect((await open({ head: 'change/3', base: 'nowhere' })).body.code).toBe('branch-not-found');
    expect((await open({ head: 'change/3' })).status).toBe(201);
    expect(await open({ head: 'change/3' })).toMatchObject({ status: 409, body: { code: 'pull-request-open' } });
    expect((await api.post('/api/repositories/demo/pull-requests', {}, { as: 'reader' })).status).toBe(403);
  });

  it('names as many files as an event takes, and matches all of them', async () => {
    const files = Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`data/${at}.json`, 'x']));
    branch('change/4', { ...files, 'z.ts': 'x' });
    const { body } = await open({ head: 'change/4' });
    expect(body.runs).toHaveLength(1);
    const { input } = await api.record.inTx((tx) =>
      tx.selectFrom('runs').select('input').where('id', '=', body.runs[0]!.id).executeTakeFirstOrThrow(),
    );
    const { context } = input as unknown as RunInput;
    expect(context['files']).toHaveLength(500);
    expect(context['fileCount']).toBe(701);
  });
});
