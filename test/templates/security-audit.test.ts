import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveChannel } from '../../src/db/channels.js';
import { getRun, listRuns } from '../../src/db/run-views.js';
import { startEngine, type Engine } from '../support/engine.js';
import { failAt } from './template-fixture.js';
import { startNpmRegistry, type NpmRegistry } from '../support/npm-registry.js';

const TEMPLATE = readFileSync(join(import.meta.dirname, '../../templates/security-audit.yaml'), 'utf8');

// Put together here, so that no scanner finds it in this file.
const TOKEN = ['gh', 'p_', 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7'].join('');
const PYPROJECT = '[project]\nname = "api"\nversion = "1"\ndependencies = ["flask>=3"]\n';
const LOCK = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { dependencies: { lodash: '4.17.15' } },
    'node_modules/lodash': { version: '4.17.15', resolved: 'https://registry.npmjs.org/lodash/-/lodash-4.17.15.tgz' },
  },
});

let engine: Engine;
let registry: NpmRegistry;
beforeAll(async () => {
  registry = await startNpmRegistry('knows');
  engine = await startEngine({
    files: {
      'package-lock.json': LOCK,
      'config.js': `export const token = '${TOKEN}';\n`,
      'server.js': 'export const run = (code) => eval(code);\n',
    },
    environment: { npm_config_registry: registry.url },
  });
  const slack = { name: '#security', kind: 'slack', settings: {}, secretEnv: 'NO_SECRET', quietHours: null } as const;
  await engine.record.inTx((tx) => saveChannel(tx, engine.record.organisationId, slack));
  await engine.addRepository('site', { 'README.md': 'nothing wrong here\n' });
});
afterEach(() => engine.unhook());
afterAll(async () => {
  await engine.stop();
  await registry.close();
});

const issues = () =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('issues as i')
      .innerJoin('repositories as r', 'r.id', 'i.repository_id')
      .select(['r.name', 'i.title', 'i.state', 'i.labels'])
      .orderBy('i.title')
      .execute(),
  );

describe('the security audit', () => {
  let audited: string;

  it('finds a secret, a weakness and a vulnerable dependency, reports them and files an issue for each', async () => {
    const { id, result } = await engine.run(TEMPLATE, { repository: null });
    audited = id;
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const report = await engine.record.step(id, 'report');
    expect(report.output).toMatchObject({
      title: 'Security audit',
      summary: '1 critical, 2 high in 6 scans of 2 repositories',
      counts: { critical: 1, high: 2, total: 3 },
    });
    const text = await engine.record.log(id, 'report', 'report.md');
    expect(text).toContain('## demo: dependencies');
    expect(text).toContain('## site: secrets');
    const told = await engine.record.inTx((tx) =>
      tx.selectFrom('notices').select(['channel', 'title', 'text']).execute(),
    );
    expect(told).toEqual([
      {
        channel: '#security',
        title: 'Security audit: 3 findings',
        text: '1 critical, 2 high in 6 scans of 2 repositories',
      },
    ]);
    const labels = ['security', 'auto-generated'];
    expect(await issues()).toEqual([
      { name: 'demo', state: 'open', labels, title: expect.stringMatching(/^critical: .*GitHub/) as string },
      { name: 'demo', state: 'open', labels, title: expect.stringMatching(/^high: eval runs/) as string },
      { name: 'demo', state: 'open', labels, title: expect.stringMatching(/^high: lodash/) as string },
    ]);
  });

  it.each(['repositories', 'dependencies', 'secrets', 'static-analysis', 'report', 'issues', 'summary'])(
    'ends at %s where that fails',
    async (step) => {
      await failAt(engine, { of: audited, from: step, step, approver: 'lee' });
    },
  );

  it('files nothing twice the week after', async () => {
    const { id, result } = await engine.run(TEMPLATE, { repository: null });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect((await engine.record.step(id, 'issues')).output).toEqual({ filed: 0, closed: 0, reopened: 0 });
    expect(await issues()).toHaveLength(3);
  });

  it('counts and names the repositories that it could not look at, in the line of the run and in the report', async () => {
    await engine.addRepository('api', { 'main.go': 'package main\n\nfunc main() {}\n', 'pyproject.toml': PYPROJECT });
    const { id, result } = await engine.run(TEMPLATE, { repository: null });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const unseen =
      '1 of 3 repositories could not be looked at: api (dependencies: lock files: pyproject.toml names dependencies, and no lock file says which versions; static analysis: ast-grep has no rules for Go)';
    const { items } = await engine.record.inTx((tx) => listRuns(tx, { limit: 1 }));
    expect(items[0]).toMatchObject({ id, briefing: `security-audit succeeded; ${unseen}` });
    const ended = (await engine.record.events(id)).find(({ type }) => type === 'workflow.completed');
    expect(ended?.briefing).toContain(`security-audit succeeded; ${unseen}`);
    expect((await engine.record.step(id, 'report')).output).toMatchObject({
      summary: expect.stringContaining(unseen) as string,
    });
    const report = await engine.record.log(id, 'report', 'report.md');
    expect(report).toContain('## Could not be looked at');
    expect(report).toContain('api, static analysis: ast-grep has no rules for Go. To fix it: Static analysis covers');
    const { coverage } = await engine.record.inTx((tx) => getRun(tx, id));
    expect(coverage).toMatchObject({ repositories: 3, gaps: [{ scan: 'dependencies' }, { scan: 'sast' }] });

    // A rerun takes over what the scans could not look at.
    const rerun = await engine.rerun(id, 'report');
    expect(await engine.finished(rerun)).toMatchObject({ status: 'succeeded' });
    const again = await engine.record.inTx((tx) => getRun(tx, rerun.id));
    expect(again.briefing).toContain(unseen);
  });
});
