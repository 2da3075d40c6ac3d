import { startEngine, type Engine } from '../support/engine.js';
import { CALCULATOR, failAt, govern } from './template-fixture.js';

const SOURCE = 'export const multiply = (a, b) => a * b;\n';
const TEST = `import assert from 'node:assert';
import { test } from 'node:test';
import { multiply } from '../src/multiply.js';
test('multiplies', () => assert.equal(multiply(2, 3), 6));
`;
const COVERAGE =
  'mkdir -p coverage && node --test --experimental-test-coverage --test-reporter=lcov --test-reporter-destination=coverage/lcov.info';
const ISSUE = { title: 'Multiplication', body: 'multiply(2, 3) is 6', labels: [] };

/** Several attempts with their gates, each in worktrees of its own. */
const LONG_MS = 300_000;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: {
      ...CALCULATOR,
      '.baton/repository.yaml': `test: { command: npm test }\ncoverage: { command: ${JSON.stringify(COVERAGE)} }\n`,
    },
    agents: [
      { name: 'devon', roles: ['developer'], moves: [{ action: 'code.implement', write: { 'src/multiply.js': SOURCE } }] },
      {
        name: 'tara',
        roles: ['tester'],
        moves: [{ action: 'code.writeTests', write: { 'test/multiply.test.js': TEST } }],
      },
      { name: 'sid', roles: ['security-reviewer'], moves: [{ action: 'review.security', summary: 'Nothing.' }] },
      { name: 'cora', roles: ['code-reviewer'], moves: [{ action: 'review.code', summary: 'Fine.' }] },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const start = { approver: 'lee', issue: ISSUE };

describe('feature-development', () => {
  let rejected: string;

  it('ends with the rejection where a lead rejects', async () => {
    const { id, result } = await govern(engine, 'feature-development', { ...start, rejected: 'approval' });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'rejected', step: 'approval' } });
    expect((await engine.record.gates(id)).map(({ step, gate, verdict }) => `${step} ${gate} ${verdict}`)).toEqual([
      'implement tests pass',
      'write-tests tests pass',
      'write-tests coverage pass',
    ]);
    rejected = id;
  }, LONG_MS);

  it.each([
    ['create-branch'],
    ['implement'],
    ['write-tests'],
    ['security-review'],
    ['code-review'],
    ['open-pull-request'],
    ['merge', 'approval'],
  ])('ends at %s where that fails', async (step, from = step) => {
    await failAt(engine, { of: rejected, from, step, approver: 'lee' });
  });

  it('asks people where its attempts are used up, and ends there where they give up', async () => {
    engine.hooks.runAttempt = ({ repository }) =>
      Promise.resolve({
        kind: 'failed',
        base: repository.id,
        failure: { code: 'no-change', message: 'the tree is as it was', gates: [], findings: [] },
        retryable: true,
      });
    const run = await engine.rerun(rejected, 'implement');
    const question = await engine.question(run, 'implement');
    expect(question).toMatchObject({ asked_by: 'system', attempt: 3 });
    await engine.answer(question.id, 'lee', { option: 'Give up', reason: 'It is not worth it.' });
    expect(await engine.finished(run)).toMatchObject({
      status: 'failed',
      error: { code: 'no-change', step: 'implement' },
    });
  }, LONG_MS);

  it('merges what a lead approves', async () => {
    const run = await engine.rerun(rejected, 'approval');
    await engine.asked(run, 'approval');
    await engine.decide(run, 'approval', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.forgeGit('show', 'main:src/multiply.js')).toBe(SOURCE.trimEnd());
  }, LONG_MS);
});
