import { readFileSync } from 'node:fs';
import { listPullRequests } from '../../src/db/pull-request-views.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { failAt } from './template-fixture.js';

/** As shipped, but asked to review the pull requests of runs too. */
const CODE_REVIEW = readFileSync(new URL('../../templates/code-review.yaml', import.meta.url), 'utf8').replace(
  'ownPullRequests: false',
  'ownPullRequests: true',
);
const CHANGE = `
name: change
trigger: manual
steps:
  - { name: Implement, agent: devon, action: code.implement }
  - { name: Open pull request, action: github.createPR, params: { title: 'Add b' } }
`;
const finding = (severity: string, message: string, line: number) => ({
  rule: 'r',
  severity,
  message,
  file: 'src/b.js',
  line,
});

let engine: Engine;
let pullRequest: { readonly number: number; readonly head: string };
beforeAll(async () => {
  const reviewer = (name: string, role: string, action: string, findings: readonly object[]) => ({
    name,
    roles: [role],
    can: [action],
    moves: [{ action, summary: `${name} has read it`, findings: findings as never }],
  });
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "grep -q b src/b.js" }\n' },
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        moves: [
          { action: 'code.implement', write: { 'src/b.js': 'b\nb\n' } },
          { action: 'code.fix', write: { 'src/b.js': 'b, mended\n' }, summary: 'Mends it.' },
        ],
      },
      reviewer('stella', 'style-reviewer', 'review.code', [finding('low', 'twice the same', 2)]),
      reviewer('perry', 'performance-reviewer', 'review.code', []),
      reviewer('sid', 'security-reviewer', 'review.security', [finding('high', 'not checked', 1)]),
    ],
  });
  const { id } = await engine.run(CHANGE);
  const [opened] = (await engine.record.inTx((tx) => listPullRequests(tx, { runId: id, limit: 1 }))).items;
  pullRequest = opened!;
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const review = (): Promise<StartedRun> =>
  engine.startRun(CODE_REVIEW, { context: { number: pullRequest.number, head: pullRequest.head } });
const seen = async () =>
  (await engine.record.inTx((tx) => listPullRequests(tx, { number: pullRequest.number, limit: 1 }))).items[0]!;

describe('templates/code-review.yaml', () => {
  let reviewed: string;

  it('puts what was found on the lines, once, and mends it when a lead says so', async () => {
    const run = await review();
    await engine.asked(run, 'mend-approval');
    expect((await engine.record.step(run.id, 'comment')).output).toMatchObject({ score: 78, findings: 2, comments: 2 });
    const { comments, reviews } = await seen();
    expect(comments.map(({ author, file, line, body }) => [author, file, line, body])).toEqual([
      ['sid', 'src/b.js', 1, 'high r: not checked'],
      ['stella', 'src/b.js', 2, 'low r: twice the same'],
    ]);
    expect(reviews.map(({ author, verdict }) => [author, verdict]).sort()).toEqual([
      ['baton', 'comment'],
      ['perry', 'approve'],
      ['sid', 'comment'],
      ['stella', 'comment'],
    ]);
    expect(reviews.find(({ author }) => author === 'baton')!.body).toContain('Quality score: 78/100, 1 high, 1 low.');
    expect(await engine.record.attempts(run.id, 'mend')).toEqual([]);

    await engine.decide(run, 'mend-approval', 'lee');
    expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
    reviewed = run.id;
    const { commit } = await engine.record.step(run.id, 'mend');
    expect(await engine.forgeGit('show', `${commit!}:src/b.js`)).toBe('b, mended');
    expect((await engine.record.step(run.id, 'open-pull-request')).output).toMatchObject({ commit });
  });

  it('says nothing twice, and ends as failed where a lead says no', async () => {
    const run = await review();
    await engine.asked(run, 'mend-approval');
    expect((await seen()).comments).toHaveLength(2);
    await engine.decide(run, 'mend-approval', 'lee', 'reject', 'by hand');
    expect((await engine.finished(run)).error).toMatchObject({ step: 'mend-approval' });
    expect(await engine.record.attempts(run.id, 'mend')).toEqual([]);
  });

  it.each([
    ['check-out'],
    ['style'],
    ['performance'],
    ['security'],
    ['comment'],
    ['mend', 'mend-approval'],
    ['open-pull-request'],
  ])('ends at %s where that fails', async (step, from = step) => {
    await failAt(engine, { of: reviewed, from, step, approver: 'lee' });
  });

  it('is started by a pull request that is opened, on its branch', async () => {
    const runs = () => engine.record.inTx((tx) => tx.selectFrom('runs').select('id').orderBy('number').execute());
    await engine.startRun(CHANGE).then((run) => engine.finished(run));
    const [opened] = (await engine.record.inTx((tx) => listPullRequests(tx, { limit: 1 }))).items;
    const started = await engine.dispatch((await runs()).at(-1)!.id);
    expect(await engine.record.run(started.id)).toMatchObject({
      trigger: expect.objectContaining({ kind: 'event' }) as unknown,
      input: expect.objectContaining({
        branch: opened!.head,
        context: expect.objectContaining({
          pullRequest: expect.objectContaining({ number: opened!.number, head: opened!.head }) as unknown,
        }) as unknown,
      }) as unknown,
    });
    await engine.asked(started, 'mend-approval');
    expect((await engine.record.step(started.id, 'comment')).output).toMatchObject({ score: 78 });
    await engine.decide(started, 'mend-approval', 'lee', 'reject', 'seen');
    expect((await engine.finished(started)).error).toMatchObject({ step: 'mend-approval' });
  });

  it('fails where the pull request is not there', async () => {
    const { result } = await engine.run(CODE_REVIEW, { context: { number: 99, head: pullRequest.head } });
    expect(result.error).toMatchObject({ step: 'comment', code: 'pull-request-not-found' });
  });
});
