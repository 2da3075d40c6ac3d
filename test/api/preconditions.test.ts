import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveWorkerReport } from '../../src/db/worker-reports.js';
import { workerReport } from '../../src/activities/worker-report.js';
import { compilePipeline } from '../../src/schema/pipeline/compile-pipeline.js';
import { runCli } from '../cli/run-cli.js';
import { eventually } from '../support/eventually.js';
import { noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let folder: string;

/** A repository of the embedded forge with these files. */
async function addRepository(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const source = join(folder, name);
  mkdirSync(join(source, '.baton'), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(source, path), text);
  const git = (...args: string[]) => execFileSync('git', ['-C', source, ...args], { stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message=first');
  expect((await api.post('/api/repositories', { name, source })).status).toBe(201);
}

async function addPipeline(yaml: string): Promise<void> {
  const compiled = compilePipeline(yaml, { file: 'p.yaml' });
  if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.diagnostics));
  await api.record.addPipeline(compiled.plan);
}

const agentOf = (name: string, more: object = {}) => ({
  name,
  type: 'claude',
  kind: 'LLM',
  adapter: 'claude',
  roles: ['developer'],
  riskLevel: 'AUTO',
  capabilities: [],
  entry: {},
  ...more,
});
const runs = () =>
  api.record.inTx((tx) => tx.selectFrom('runs').select(['id', 'status', 'error']).orderBy('number').execute());
const issues = () => api.record.inTx((tx) => tx.selectFrom('issues').select('id').execute());
const open = (repository: string, ...labels: readonly string[]) =>
  api.post(`/api/repositories/${repository}/issues`, { title: 'Do it', labels });
const baton = (...args: string[]) =>
  runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.admin.key, NO_COLOR: '1' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-preconditions-'));
  api = await serveApi();
  await addRepository('tested', { '.baton/repository.yaml': 'test: { command: "true" }\n', 'uv.lock': '' });
  await addRepository('bare', { 'README.md': 'nothing to run\n' });
  await addPipeline(`
name: build
trigger: issue.labeled('feature')
steps:
  - { name: Branch, action: git.createBranch, params: { branch: f, from: main } }
  - { name: Implement, agent: role:developer, action: code.implement, gates: [tests] }
`);
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

describe('an issue that is labelled', () => {
  it('is refused with the commands that fix it where its runs could only fail, and nothing is begun', async () => {
    const refused = await open('tested', 'feature');
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'preconditions-failed',
      detail:
        'A run of build would only fail. Implement: the project has no agents. Register a team with `baton agents add PROGRAM --team`.',
    });
    const said = await baton('issue', 'create', '-r', 'tested', '-t', 'Do it', '-l', 'feature');
    expect(said).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('baton agents add PROGRAM --team') as string,
    });
    expect(await runs()).toEqual([]);
    expect(await issues()).toEqual([]);

    const { number } = (await open('tested')).body;
    const labelled = await api.post(`/api/repositories/tested/issues/${number}/labels`, { labels: ['feature'] });
    expect(labelled).toMatchObject({ status: 409, body: { code: 'preconditions-failed' } });
    expect(await runs()).toEqual([]);
  });

  it('is refused where no worker has the program or the key of its agent', async () => {
    expect((await api.post('/api/agents', agentOf('devon'))).status).toBe(201);
    await saveWorkerReport(api.record.db, 'one', workerReport({ PATH: folder }));
    expect((await open('tested', 'feature')).body.detail).toContain(
      'Implement: the agent devon needs Claude Code, and no worker has claude on its PATH. Install it with `npm install',
    );
    writeFileSync(join(folder, 'claude'), '#!/bin/sh\n', { mode: 0o755 });
    await saveWorkerReport(api.record.db, 'one', workerReport({ PATH: folder, OTHER_KEY: 'x' }));
    expect((await open('tested', 'feature')).body.detail).toContain(
      'Implement: the agent devon needs ANTHROPIC_API_KEY, and no worker has it in its environment.',
    );
    const kept = await api.record.inTx((tx) => tx.selectFrom('worker_reports').select('variables').execute());
    expect(kept).toEqual([{ variables: ['OTHER_KEY'] }]);
    await saveWorkerReport(api.record.db, 'one', workerReport({ PATH: folder, ANTHROPIC_API_KEY: 'x' }));
  });

  it('starts its runs, and is told what may make them fail', async () => {
    const said = await baton('issue', 'create', '-r', 'tested', '-t', 'Do it', '-l', 'feature');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toContain(
      'warning build: Implement: the repository has uv.lock and no set-up command, so its gates run without installed dependencies.',
    );
    expect(await runs()).toHaveLength(1);
  });

  it('opens where only one of its pipelines can fail: that run is told of, and fails at once with the same sentence', async () => {
    await addPipeline(`
name: audit
trigger: issue.labeled('both')
steps: [{ name: Audit, agent: role:auditor, action: review.security }]
`);
    await api.record.addPipeline(plan('note', [noop('note')], 'both'));
    const { status, body } = await open('tested', 'both');
    expect(status).toBe(201);
    const message =
      'Audit: no agent holds the role auditor. Register one with `baton agents add PROGRAM --name PROGRAM-auditor --role auditor`, or a whole team with `baton agents add PROGRAM --team`.';
    expect(body).toMatchObject({ missing: [{ pipeline: 'audit', severity: 'error', message }] });
    const { id } = body.runs.find((run) => (run as unknown as { pipeline: string }).pipeline === 'audit')!;
    const ended = await eventually(async () => (await runs()).find((run) => run.id === id && run.status === 'failed'));
    expect(ended.error).toEqual({
      code: 'preconditions-failed',
      message: `A run of audit would only fail. ${message}`,
    });
  });

  it('opens where the repository has no tests and a gate needs them: the warning says how to add them', async () => {
    const { status, body } = await open('bare', 'feature');
    expect(status).toBe(201);
    const message =
      'Implement: the repository has no test command, and a gate of the step needs it. ' +
      'Add `test: { command: … }` to .baton/repository.yaml on the default branch.';
    expect(body).toMatchObject({ missing: [{ pipeline: 'build', severity: 'warning', message }] });
  });
});

describe('a run that is asked for by hand', () => {
  it('is refused in the same way', async () => {
    const before = await runs();
    expect((await api.post('/api/runs', { pipeline: 'audit', repository: 'tested' })).body).toMatchObject({
      code: 'preconditions-failed',
      detail: expect.stringContaining('Audit: no agent holds the role auditor.') as string,
    });
    expect(await runs()).toEqual(before);
  });

  it('is told what may make it fail', async () => {
    const { status, body } = await api.post('/api/runs', { pipeline: 'build', repository: 'tested' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ missing: [{ pipeline: 'build', severity: 'warning' }] });
  });

  it('is refused where it calls a pipeline that is not active', async () => {
    const call = { ...noop('call'), kind: 'pipeline', pipeline: 'nowhere', name: 'Call' };
    await api.record.addPipeline(plan('caller', [call as never]));
    expect((await api.post('/api/runs', { pipeline: 'caller' })).body.detail).toContain(
      'The step Call calls the pipeline nowhere, which is not active in this project.',
    );
  });
});
