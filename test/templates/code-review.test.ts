import { readFileSync } from 'node:fs';
import { listPullRequests } from '../../src/db/pull-request-views.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';

const CODE_REVIEW = readFileSync(new URL('../../templates/code-review.yaml', import.meta.url), 'utf8');
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
afterAll(() => engine.stop());

const review = (): Promise<StartedRun> =>
  engine.startRun(CODE_REVIEW, { context: { number: pullRequest.number, head: pullRequest.head } });
const seen = async () =>
  (await engine.record.inTx((tx) => listPullRequests(tx, { number: pullRequest.number, limit: 1 }))).items[0]!;

describe('templates/code-review.yaml', () => {
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

  it('fails where the pull request is not there', async () => {
    const { result } = await engine.run(CODE_REVIEW, { context: { number: 99, head: pullRequest.head } });
    expect(result.error).toMatchObject({ step: 'comment', code: 'pull-request-not-found' });
  });
});
