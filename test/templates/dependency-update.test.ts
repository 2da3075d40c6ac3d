import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { startNpmRegistry, type NpmRegistry } from '../support/npm-registry.js';
import { failAt, template } from './template-fixture.js';

/** npm asks, installs and packs, several times. */
const LONG_MS = 300_000;

const MANIFEST = { name: 'demo', version: '1.0.0', dependencies: { lodash: '^4.17.15', paintbox: '^1.2.0' } };
const resolved = (name: string, version: string) => `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`;
const LOCK = {
  ...{ name: 'demo', version: '1.0.0', lockfileVersion: 3, requires: true },
  packages: {
    '': MANIFEST,
    'node_modules/lodash': { version: '4.17.15', resolved: resolved('lodash', '4.17.15') },
    'node_modules/paintbox': { version: '1.2.0', resolved: resolved('paintbox', '1.2.0') },
  },
};
/** Passes where what is installed is what the lock file says. */
const TEST = `const assert = require('node:assert');
const { test } = require('node:test');
const { packages } = require('../package-lock.json');
for (const name of ['lodash', 'paintbox'])
  test(name, () => assert.equal(require(name)(), packages['node_modules/' + name].version));
`;

const NOT_NPM = 'only npm packages are updated, and it has no package.json with a package-lock.json at its root';

let engine: Engine;
let registry: NpmRegistry;
beforeAll(async () => {
  registry = await startNpmRegistry('knows');
  const config = `setup: { command: 'npm ci --no-audit --registry ${registry.url}', network: true }\ntest: { command: node --test }\nlint: { command: node --check test/installed.test.js }\n`;
  engine = await startEngine({
    files: {
      'package.json': JSON.stringify(MANIFEST),
      'package-lock.json': JSON.stringify(LOCK),
      'test/installed.test.js': TEST,
      '.baton/repository.yaml': config,
      // The registry of the default branch is the one that is asked.
      '.npmrc': `registry=${registry.url}\n`,
    },
    builtIn: ['dependency-updater'],
  });
  await engine.addRepository('docs', { 'README.md': 'no packages here\n' });
});
afterEach(() => engine.unhook());
afterAll(async () => {
  await engine.stop();
  await registry.close();
});

const start = (): Promise<StartedRun> =>
  engine.startRun(template('dependency-update'), {
    repository: null,
    children: [template('dependency-update-group')],
  });

/** The runs of the groups, by the group, when all of them wait for their approval. */
async function groupsOf(run: StartedRun, count: number): Promise<ReadonlyMap<string, StartedRun>> {
  const waiting = await eventually(async () => {
    const children = await engine.record.children(run.id);
    const open = await Promise.all(children.map(({ id }) => engine.record.openApproval(id, 'approval')));
    return open.filter(Boolean).length === count && children;
  }, 240_000);
  return new Map(
    waiting.map(({ id, number, workflow_id: workflowId, input }) => [
      (input as { context: { group: string } }).context.group,
      { id, number, workflowId, handle: engine.temporal.workflow.getHandle(workflowId) },
    ]),
  );
}
const locked = async (branch: string, name: string): Promise<string> => {
  const lock = JSON.parse(await engine.forgeGit('show', `${branch}:package-lock.json`)) as typeof LOCK;
  return (lock.packages as Record<string, { version: string }>)[`node_modules/${name}`]!.version;
};

describe('dependency-update', () => {
  let first: string;
  let rejected: string;

  it('updates each group on a branch of its own, and ends as failed where a lead rejects one of them', async () => {
    const run = await start();
    first = run.id;
    const groups = await groupsOf(run, 2);
    expect((await engine.record.step(run.id, 'find-updates')).output).toEqual({
      groups: [
        {
          repository: 'demo',
          group: 'security',
          title: 'lodash 4.17.15 → 4.17.21',
          packages: [{ name: 'lodash', from: '4.17.15', to: '4.17.21', vulnerable: true }],
        },
        {
          repository: 'demo',
          group: 'major-paintbox',
          title: 'paintbox 1.2.0 → 2.0.0',
          packages: [{ name: 'paintbox', from: '1.2.0', to: '2.0.0', vulnerable: false }],
        },
      ],
      left: 0,
      skipped: [{ repository: 'docs', why: NOT_NPM }],
      summary: `2 groups of updates; 1 of 2 repositories skipped: docs (${NOT_NPM})`,
    });
    const [security, major] = [groups.get('security')!, groups.get('major-paintbox')!];
    rejected = major.id;
    expect((await engine.record.gates(security.id)).map(({ gate, verdict }) => [gate, verdict])).toEqual([
      ['tests', 'pass'],
      ['lint', 'pass'],
    ]);
    const pulls = await engine.record.inTx((tx) =>
      tx.selectFrom('pull_requests').select(['title', 'head', 'labels', 'body']).orderBy('title').execute(),
    );
    expect(pulls).toEqual([
      {
        title: 'build(deps): lodash 4.17.15 → 4.17.21',
        head: `dependencies/security-run-${security.number}`,
        labels: ['dependencies'],
        body: '### lodash 4.17.15 → 4.17.21 (vulnerable)\n\n> ## 4.17.21\n> \n> - What is new in 4.17.21 of lodash.',
      },
      {
        title: 'build(deps): paintbox 1.2.0 → 2.0.0',
        head: `dependencies/major-paintbox-run-${major.number}`,
        labels: ['dependencies'],
        body: expect.stringContaining('What is new in 2.0.0') as string,
      },
    ]);
    await engine.decide(security, 'approval', 'lee');
    await engine.decide(major, 'approval', 'lee', 'reject', 'not now');
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'child-failed', step: 'update' } });
    expect(await engine.record.run(security.id)).toMatchObject({ status: 'succeeded' });
    expect(await locked('main', 'lodash')).toBe('4.17.21');
    expect(await locked('main', 'paintbox')).toBe('1.2.0');
  }, LONG_MS);

  it('ends at find-updates where that fails', async () => {
    await failAt(engine, { of: first, from: 'find-updates', step: 'find-updates', approver: 'lee' });
  });

  it.each([['create-branch'], ['update'], ['open-pull-request'], ['merge', 'approval']])(
    'ends a group at %s where that fails',
    async (step, from = step) => {
      await failAt(engine, { of: rejected, from, step, approver: 'lee' });
    },
    LONG_MS,
  );

  it('fails where the registry does not say which versions there are', async () => {
    Object.assign(engine.deps.environment, { npm_config_registry: 'http://127.0.0.1:1' });
    try {
      const run = await start();
      expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { step: 'find-updates' } });
    } finally {
      Object.assign(engine.deps.environment, { npm_config_registry: undefined });
    }
  }, LONG_MS);

  it('ends well when all of its groups are merged', async () => {
    const run = await start();
    const [major] = [...(await groupsOf(run, 1)).values()];
    await engine.decide(major!, 'approval', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(JSON.parse(await engine.forgeGit('show', 'main:package.json'))).toMatchObject({
      dependencies: { lodash: '^4.17.21', paintbox: '^2.0.0' },
    });
  }, LONG_MS);
});
