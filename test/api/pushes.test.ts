import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PushWatcher } from '../../src/api/push-watcher.js';
import type { Repository } from '../../src/db/repositories.js';
import { recordOwnPush } from '../../src/db/pushes.js';
import type { JsonObject } from '../../src/domain/json.js';
import { createLocalForge } from '../../src/forge/local.js';
import { eventually } from '../support/eventually.js';
import { commitTo } from '../support/forge-commit.js';
import { noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let repositories = 0;

beforeAll(async () => {
  api = await serveApi();
  for (const [name, filters] of Object.entries({
    'on-main': {},
    'on-code': { files: ['**/*.ts'] },
    'on-work': { branch: ['work/*'] },
  }))
    await api.record.addPipeline({
      ...plan(name, [noop('look')]),
      triggers: [{ kind: 'event', type: 'repo.push', filters }],
    });
});
afterAll(() => api.close());

const git = ({ remoteUrl }: Repository, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: remoteUrl,
    encoding: 'utf8',
    input: '',
  }).trim();

/** A repository with one commit on main. */
async function repository(): Promise<Repository> {
  const principal = {
    organisationId: api.record.organisationId,
    personId: api.record.people.author.id,
    handle: 'author',
  };
  const seed = await api.deps.forge.createRepository({
    principal,
    projectId: api.record.projectId,
    name: `seed-${++repositories}`,
    source: null,
  });
  git(seed, 'update-ref', 'refs/heads/main', git(seed, 'commit-tree', '-m', 'Begin', git(seed, 'mktree')));
  const projectId = api.record.projectId;
  const name = `demo-${repositories}`;
  return api.deps.forge.createRepository({ principal, projectId, name, source: seed.remoteUrl });
}
const observe = ({ organisationId, id }: Repository) => api.deps.forge.observePushes(organisationId, id);

const pushesTo = (of: Repository): Promise<JsonObject[]> =>
  api.record.inTx(async (tx) =>
    (
      await tx
        .selectFrom('events')
        .select('payload')
        .where('type', '=', 'repo.push')
        .where('repository_id', '=', of.id)
        .orderBy('id')
        .execute()
    ).map(({ payload }) => payload),
  );
const startedIn = (of: Repository) =>
  api.record.inTx(async (tx) =>
    (
      await tx
        .selectFrom('runs as r')
        .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
        .select(['p.name', 'r.input'])
        .where('r.repository_id', '=', of.id)
        .where((eb) => eb(eb.ref('r.trigger', '->>').key('kind'), '=', 'event'))
        .orderBy('r.number')
        .execute()
    ).map(({ name, input }) => ({ name, input })),
  );

describe('a push', () => {
  it('by anybody is told once with what it changes, and starts what its filters let through', async () => {
    const demo = await repository();
    const before = git(demo, 'rev-parse', 'main');
    await observe(demo);
    expect(await pushesTo(demo)).toEqual([]);
    const after = commitTo(demo.remoteUrl, 'main', { 'README.md': 'x', 'docs/a.md': 'x' });
    await Promise.all(Array.from({ length: 5 }, () => observe(demo)));
    const files = ['README.md', 'docs/a.md'];
    expect(await pushesTo(demo)).toMatchObject([
      { branch: 'main', before, after, previousCommit: before, files, author: 'Somebody', run: null },
    ]);
    expect(await startedIn(demo)).toMatchObject([
      { name: 'on-main', input: { context: { branch: 'main', commit: after, previousCommit: before, files } } },
    ]);
    expect((await startedIn(demo))[0]!.input).not.toHaveProperty('branch');
  });

  it('is told of every branch, new and gone; only branches that a filter names start runs, on that branch', async () => {
    const demo = await repository();
    const main = git(demo, 'rev-parse', 'main');
    git(demo, 'branch', 'work/1', 'main');
    git(demo, 'branch', 'other', 'main');
    const commit = commitTo(demo.remoteUrl, 'work/1', { 'a.ts': 'x' });
    await observe(demo);
    expect(await pushesTo(demo)).toMatchObject([
      { branch: 'other', before: null, after: main, files: [] },
      { branch: 'work/1', before: null, after: commit, previousCommit: main, files: ['a.ts'] },
    ]);
    expect(await startedIn(demo)).toMatchObject([{ name: 'on-work', input: { branch: 'work/1' } }]);
    git(demo, 'branch', '-D', 'work/1');
    await observe(demo);
    expect((await pushesTo(demo)).at(-1)).toMatchObject({ branch: 'work/1', before: commit, after: null });
    expect(await startedIn(demo)).toHaveLength(1);
  });

  it('to and fro between two commits is told each time', async () => {
    const demo = await repository();
    const one = git(demo, 'rev-parse', 'main');
    const two = commitTo(demo.remoteUrl, 'main', { 'a.md': 'x' });
    for (const commit of [two, one, two, one]) {
      git(demo, 'update-ref', 'refs/heads/main', commit);
      await observe(demo);
      await observe(demo);
    }
    expect((await pushesTo(demo)).map(({ after }) => after)).toEqual([two, one, two, one]);
  });

  it('of a run is told as its own, and starts none of the pipelines that led to it', async () => {
    const demo = await repository();
    const run = await api.record.createRun({
      plan: plan(`pushing-${demo.name}`, [noop('one')]),
      repositoryId: demo.id,
    });
    const { pipeline_id: pipelineId } = await api.record.inTx((tx) =>
      tx.selectFrom('runs').select('pipeline_id').where('id', '=', run.id).executeTakeFirstOrThrow(),
    );
    await api.record.inTx(async (tx) => {
      const onMain = await tx
        .selectFrom('pipelines')
        .select('id')
        .where('name', '=', 'on-main')
        .executeTakeFirstOrThrow();
      const trigger = JSON.stringify({ kind: 'event', causes: [onMain.id] });
      await tx.updateTable('runs').set({ trigger }).where('id', '=', run.id).execute();
    });
    const commit = commitTo(demo.remoteUrl, 'main', { 'a.ts': 'x' });
    await api.record.inTx((tx) =>
      recordOwnPush(tx, {
        organisationId: demo.organisationId,
        repositoryId: demo.id,
        branch: 'main',
        commit,
        runId: run.id,
      }),
    );
    await observe(demo);
    expect(await pushesTo(demo)).toMatchObject([{ run: run.number }]);
    const started = (await startedIn(demo)).filter(({ input }) => input['runId'] !== run.id);
    expect(started).toMatchObject([{ name: 'on-code', input: { requestedBy: { handle: 'author' } } }]);
    const { trigger } = await api.record.inTx((tx) =>
      tx
        .selectFrom('runs')
        .select('trigger')
        .where('id', '=', started[0]!.input['runId'] as string)
        .executeTakeFirstOrThrow(),
    );
    expect(new Set(trigger['causes'] as string[])).toContain(pipelineId);
    // The next push there is somebody's.
    commitTo(demo.remoteUrl, 'main', { 'b.md': 'x' });
    await observe(demo);
    expect((await startedIn(demo)).at(-1)).toMatchObject({ name: 'on-main' });
  });
});

describe('whoever watches', () => {
  const hooksPath = ({ remoteUrl }: Repository): string =>
    spawnSync('git', ['config', '--local', 'core.hooksPath'], { cwd: remoteUrl, encoding: 'utf8' }).stdout.trim();
  const watcher = () => {
    const forge = createLocalForge({ db: api.record.db, dataDirectory: api.dataDirectory });
    return new PushWatcher({ db: api.record.db, forge, log: api.deps.log }, api.record.url);
  };

  it('tells what was pushed while nobody watched, and what is pushed then, to new repositories too', async () => {
    const demo = await repository();
    const first = commitTo(demo.remoteUrl, 'main', { 'a.md': 'x' });
    const watching = watcher();
    watching.start();
    try {
      await eventually(async () => (await pushesTo(demo)).length === 1);
      const second = commitTo(demo.remoteUrl, 'main', { 'b.md': 'x' });
      await eventually(async () => (await pushesTo(demo)).length === 2);
      // As a later `git push` finds them after `git gc`.
      git(demo, 'pack-refs', '--all');
      const third = commitTo(demo.remoteUrl, 'main', { 'c.md': 'x' });
      await eventually(async () => (await pushesTo(demo)).length === 3);
      expect((await pushesTo(demo)).map(({ after }) => after)).toEqual([first, second, third]);

      const added = await repository();
      git(added, 'branch', 'work/deep/er', 'main');
      await eventually(async () => (await pushesTo(added)).length === 1);
    } finally {
      await watching.stop();
    }
  }, 60_000);

  it('protects the branches of a repository that an older version made', async () => {
    const demo = await repository();
    const main = git(demo, 'rev-parse', 'main');
    rmSync(join(demo.remoteUrl, 'hooks'), { recursive: true });
    git(demo, 'config', '--unset', 'core.hooksPath');
    git(demo, 'symbolic-ref', 'HEAD', 'refs/heads/elsewhere');
    const watching = watcher();
    watching.start();
    try {
      await eventually(() => existsSync(join(demo.remoteUrl, 'hooks/update')) && hooksPath(demo) === 'hooks');
    } finally {
      await watching.stop();
    }
    expect(git(demo, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    const commit = git(demo, 'commit-tree', '-p', main, '-m', 'Mine', `${main}^{tree}`);
    expect(spawnSync('git', ['push', demo.remoteUrl, `${commit}:main`], { cwd: demo.remoteUrl }).status).toBe(1);
    expect(git(demo, 'rev-parse', 'main')).toBe(main);
  });

  it('goes on with others where one repository cannot be read', async () => {
    const broken = await repository();
    const demo = await repository();
    await api.record.inTx((tx) =>
      tx.updateTable('repositories').set({ remote_url: '/nowhere' }).where('id', '=', broken.id).execute(),
    );
    commitTo(demo.remoteUrl, 'main', { 'a.md': 'x' });
    const watching = watcher();
    watching.start();
    try {
      await eventually(async () => (await pushesTo(demo)).length === 1);
    } finally {
      await watching.stop();
    }
  });
});
