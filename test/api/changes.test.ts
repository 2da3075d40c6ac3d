import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { insertApproval } from '../../src/db/approvals.js';
import { approvalStep, noop, plan } from './record.js';
import { asks } from '../support/requirement.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let repository: string;
let base: string;
let first: string;
let second: string;
let run: { id: string; number: number };
const MERGED = 'fedcba9876543210fedcba9876543210fedcba98';

const git = async (...args: string[]) =>
  (
    await promisify(execFile)('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: repository })
  ).stdout.trim();

async function commit(file: string, content: string): Promise<string> {
  await writeFile(join(repository, file), content);
  await git('add', '.');
  await git('commit', '-qm', file);
  return git('rev-parse', 'HEAD');
}

/** A run that changed a repository in two steps, was approved and landed. */
beforeAll(async () => {
  api = await serveApi();
  const { record } = api;
  repository = await mkdtemp(join(tmpdir(), 'baton-changes-'));
  await git('init', '-q', '-b', 'main');
  base = await commit('a.txt', 'one\n');
  first = await commit('a.txt', 'two\n');
  second = await commit('b.txt', 'new\n');
  const repositoryId = await record.addRepository('demo', join(repository, '.git'));
  const steps = [
    noop('implement'),
    noop('test', ['implement']),
    noop('idle', ['test']),
    approvalStep('approval', ['team-lead'], ['idle']),
  ];
  run = await record.createRun({ plan: plan('change', steps), repositoryId });
  const organisation_id = record.organisationId;
  await record.inTx(async (tx) => {
    const issue = await tx
      .insertInto('issues')
      .values({
        organisation_id,
        repository_id: repositoryId,
        number: 1,
        title: 'Sort',
        author_id: record.people.author.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const agent = await tx
      .insertInto('agents')
      .values({
        organisation_id,
        project_id: record.projectId,
        name: 'devon',
        type: 'custom',
        kind: 'SCRIPT',
        adapter: 'command',
        roles: ['developer'],
        entry: '{}',
        risk_level: 'AUTO',
        owner_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('runs')
      .set({ issue_id: issue.id, branch: 'feature/1-sort' })
      .where('id', '=', run.id)
      .execute();
    const step = async (id: string, from: string, to: string, at: number) => {
      const ended = { commit: to, status: 'succeeded' as const, kind: 'agent', ended_at: new Date(at) };
      await tx.updateTable('steps').set(ended).where('run_id', '=', run.id).where('step', '=', id).execute();
      const attempt = {
        organisation_id,
        run_id: run.id,
        step: id,
        item: null,
        agent_id: agent.id,
        cost_usd: null,
        tokens_in: null,
        tokens_out: null,
      };
      await tx
        .insertInto('attempts')
        .values({ ...attempt, attempt: 1, status: 'failed', base: from, commit: '1'.repeat(39) + String(at) })
        .execute();
      await tx
        .insertInto('attempts')
        .values({ ...attempt, attempt: 2, status: 'succeeded', base: from, commit: to })
        .execute();
    };
    await step('implement', base, first, 1);
    await step('test', first, second, 2);
    for (const [attempt, verdict] of [
      [1, 'fail'],
      [2, 'pass'],
    ] as const) {
      const result = {
        gate: 'tests',
        commit: second,
        verdict,
        summary: verdict,
        command: 'npm test',
        exitCode: 0,
        tail: '',
        logArtifact: null,
        durationMs: 1,
      };
      await tx
        .insertInto('gate_results')
        .values({
          organisation_id,
          run_id: run.id,
          step: 'test',
          item: null,
          attempt,
          gate: 'tests',
          commit: second,
          verdict,
          summary: verdict,
          result: JSON.stringify(result),
        })
        .execute();
    }
    const change = { repositoryId, base, commit: second, patchId: 'p'.repeat(40) };
    const { id: approvalId } = await insertApproval(tx, {
      organisationId: organisation_id,
      runId: run.id,
      step: 'approval',
      purpose: 'step',
      risk: null,
      requirements: [asks(['team-lead'])],
      excluded: [],
      soleMember: false,
      change,
      expiresAt: new Date(Date.now() + 1000),
    });
    await tx
      .insertInto('decisions')
      .values({
        organisation_id,
        approval_id: approvalId,
        person_id: record.people.reviewer.id,
        verdict: 'approve',
        note: 'good',
      })
      .execute();
    await tx
      .insertInto('pull_requests')
      .values({
        organisation_id,
        repository_id: repositoryId,
        number: 2,
        title: 'feat: Sort',
        body: '',
        head: 'feature/1-sort',
        base: 'main',
        state: 'merged',
        run_id: run.id,
        merged_commit: MERGED,
      })
      .execute();
  });
});
afterAll(async () => {
  await api.close();
  await rm(repository, { recursive: true, force: true });
});

describe('GET /api/runs/:id/diff', () => {
  it('shows what the run changed', async () => {
    const { body } = await api.get(`/api/runs/${run.number}/diff`, { as: 'reader' });
    expect(body).toMatchObject({ repository: 'demo', base, commit: second, cut: false });
    expect(body.files).toEqual([
      { path: 'a.txt', status: 'modified', added: 1, removed: 1 },
      { path: 'b.txt', status: 'added', added: 1, removed: 0 },
    ]);
    expect(body.diff).toMatch(/^-one\n\+two$/m);
  });

  it('shows what one step changed', async () => {
    const { body } = await api.get(`/api/runs/${run.number}/diff?step=test`);
    expect(body).toMatchObject({ base: first, commit: second, files: [{ path: 'b.txt' }] });
  });

  it('says where a step changed nothing', async () => {
    expect((await api.get(`/api/runs/${run.number}/diff?step=idle`)).body).toMatchObject({
      status: 404,
      code: 'change-not-found',
    });
  });
});

describe('GET /api/trace/:reference', () => {
  it('goes from the commit of a step to the person who asked, and back to all commits', async () => {
    expect((await api.get(`/api/trace/${first.slice(0, 12).toUpperCase()}`, { as: 'reader' })).body).toMatchObject({
      commit: first,
      kind: 'step',
      repository: 'demo',
      step: { id: 'implement', agent: 'devon', attempt: 2 },
      run: { number: run.number, pipeline: 'change' },
      issue: { number: 1, title: 'Sort', author: 'author', authorName: 'The author' },
      requestedBy: { handle: 'author' },
      approvals: [{ by: 'reviewer', verdict: 'approve', note: 'good' }],
      pullRequest: { number: 2, mergedCommit: MERGED },
      commits: [
        { commit: first, step: 'implement', agent: 'devon' },
        { commit: second, step: 'test', agent: 'devon' },
      ],
    });
  });

  it('knows the landed commit', async () => {
    expect((await api.get(`/api/trace/${MERGED}`)).body).toMatchObject({
      kind: 'merge',
      step: null,
      issue: { author: 'author' },
    });
  });

  it('knows a commit that was not taken', async () => {
    expect((await api.get(`/api/trace/${'1'.repeat(39)}2`)).body).toMatchObject({
      kind: 'attempt',
      step: { id: 'test', attempt: 1 },
    });
  });

  it.each([
    ['a run', () => `%23${run.number}`, 'run'],
    ['the id of a run', () => run.id, 'run'],
    ['an issue', () => 'demo%231?project=demo', 'issue'],
  ])('goes back from %s to commits, pull requests, approvals and people', async (_, reference, kind) => {
    expect((await api.get(`/api/trace/${reference()}`, { as: 'reader' })).body).toMatchObject({
      commit: null,
      kind,
      step: null,
      run: { number: run.number },
      runs: [{ number: run.number, pipeline: 'change' }],
      issue: { number: 1, author: 'author' },
      requestedBy: { handle: 'author' },
      approvals: [{ run: run.number, by: 'reviewer' }],
      pullRequests: [{ run: run.number, repository: 'demo', number: 2, mergedCommit: MERGED }],
      commits: [{ run: run.number, commit: first }, { commit: second }],
    });
  });

  it('goes back from an issue to all of its runs, and says where there is none', async () => {
    const { record } = api;
    const { id: runId } = await record.createRun({ plan: plan('second', [noop('one')]) });
    await record.inTx(async (tx) => {
      const issue = await tx.selectFrom('issues').selectAll().where('number', '=', 1).executeTakeFirstOrThrow();
      await tx.updateTable('runs').set({ issue_id: issue.id }).where('id', '=', runId).execute();
      const { id: _, ...again } = issue;
      await tx
        .insertInto('issues')
        .values({ ...again, number: 9 })
        .execute();
    });
    const { body } = await api.get('/api/trace/demo%231');
    expect(body).toMatchObject({ run: { id: runId }, runs: [{ pipeline: 'change' }, { pipeline: 'second' }] });
    expect(body).toMatchObject({ commits: [{ run: run.number }, { run: run.number }] });
    expect((await api.get('/api/trace/demo%239')).body).toMatchObject({ status: 404, code: 'nothing-made' });
  });

  it('asks for more where several begin so', async () => {
    expect((await api.get('/api/trace/11111111')).body).toMatchObject({ status: 409, code: 'commit-ambiguous' });
  });
});

describe('an approval of a change', () => {
  it('shows the commit, what it is bound to, and the newest result of each gate', async () => {
    const { items } = (await api.get(`/api/approvals?run=${run.number}`)).body;
    expect(items[0]!.change).toMatchObject({
      repository: 'demo',
      base,
      commit: second,
      patchId: 'p'.repeat(40),
      branch: 'feature/1-sort',
      pullRequest: 2,
      gates: [{ gate: 'tests', verdict: 'pass', commit: second }],
      findings: [],
    });
  });
});

describe('the approval of a change', () => {
  const approvalOf = async (number: number) =>
    (await api.get(`/api/approvals?run=${number}`)).body.items[0] as {
      id: string;
      change: { gates: unknown[]; findings: unknown[] };
    };

  it('shows the change that it is bound to', async () => {
    const { id } = await approvalOf(run.number);
    const { body } = await api.get(`/api/approvals/${id}/diff`, { as: 'reader' });
    expect(body).toMatchObject({ base, commit: second, files: [{ path: 'a.txt' }, { path: 'b.txt' }] });
  });

  it('says where there is no such approval', async () => {
    const { status, body } = await api.get('/api/approvals/00000000-0000-4000-8000-000000000000/diff');
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'approval-not-found' });
  });

  it('of a rerun shows the gates and findings of the steps that it took over, and of no others', async () => {
    const { record } = api;
    const organisation_id = record.organisationId;
    const again = await record.createRun({
      plan: plan('again', [noop('test'), noop('idle', ['test']), approvalStep('approval', ['team-lead'], ['idle'])]),
    });
    await record.inTx(async (tx) => {
      await tx.updateTable('runs').set({ rerun_of: run.id, rerun_from: 'idle' }).where('id', '=', again.id).execute();
      const taken = tx.updateTable('steps').set({ status: 'succeeded' }).where('run_id', '=', again.id);
      await taken.where('step', '=', 'test').execute();
      const finding = { organisation_id, run_id: run.id, item: null, attempt: 2, position: 0, commit: second };
      for (const step of ['test', 'idle']) {
        await tx
          .insertInto('findings')
          .values({ ...finding, step, rule: `of-${step}`, severity: 'low', message: 'm', file: null, line: null })
          .execute();
      }
      const { id: repositoryId } = await tx.selectFrom('repositories').select('id').executeTakeFirstOrThrow();
      await insertApproval(tx, {
        organisationId: organisation_id,
        runId: again.id,
        step: 'approval',
        purpose: 'step',
        risk: null,
        requirements: [asks(['team-lead'])],
        excluded: [],
        soleMember: false,
        change: { repositoryId, base, commit: second, patchId: 'p'.repeat(40) },
        expiresAt: new Date(Date.now() + 1000),
      });
    });
    const { change } = await approvalOf(again.number);
    expect(change.gates).toMatchObject([{ gate: 'tests', verdict: 'pass', commit: second }]);
    expect(change.findings).toMatchObject([{ rule: 'of-test' }]);
  });
});
