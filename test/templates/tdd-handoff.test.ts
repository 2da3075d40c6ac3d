import { startEngine, type Engine } from '../support/engine.js';
import { CALCULATOR, failAt, govern } from './template-fixture.js';

const UNIT = `import assert from 'node:assert';
import { test } from 'node:test';
import { multiply } from '../src/multiply.js';
test('multiplies', () => assert.equal(multiply(2, 3), 6));
`;
const INTEGRATION = `import assert from 'node:assert';
import { test } from 'node:test';
import * as calculator from '../src/index.js';
test('offers both', () => assert.deepEqual(Object.keys(calculator), ['divide', 'multiply']));
`;
const CODE = 'export const multiply = (a, b) => a * b;\n';
const INDEX = "export { divide } from './divide.js';\nexport { multiply } from './multiply.js';\n";

/** Each phase as its agent does it; the first tries break the rule of their phase. */
const TESTER = `
const { phase, sentBack } = request.params;
if (phase === 'red' && request.attempt === 1) write('test/multiply.test.js', 'import "node:test";\\n');
else if (phase === 'red') write('test/multiply.test.js', ${JSON.stringify(UNIT)});
if (phase === 'integration-red') write('test/integration.test.js', ${JSON.stringify(INTEGRATION)});
const missing = phase === 'verify' && !existsSync('README.md');
done({
  session: request.session ?? 'tester',
  findings: missing ? [{ rule: 'documented', severity: 'high', message: 'nobody says how it is used' }] : [],
});
`;
const DEVELOPER = `
const { phase, sentBack } = request.params;
if (phase === 'green' && request.attempt === 1) rmSync('test/multiply.test.js');
if (phase === 'green' && request.attempt === 2) write('test/multiply.test.js', ${JSON.stringify(UNIT)});
if (phase === 'green') write('src/multiply.js', ${JSON.stringify(CODE)});
if (phase === 'integration-green') write('src/index.js', ${JSON.stringify(INDEX)});
if (sentBack) write('README.md', 'multiply(2, 3); // ' + sentBack.message + '\\n');
done({ session: request.session ?? 'developer' });
`;
const ISSUE = { title: 'Multiplication', body: 'multiply(2, 3) is 6', labels: [] };

/** Ten attempts with their gates, each in worktrees of its own. */
const LONG_MS = 300_000;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: CALCULATOR,
    agents: [
      { name: 'tara', roles: ['tester'], script: TESTER },
      { name: 'devon', roles: ['developer'], script: DEVELOPER },
      { name: 'dora', roles: ['developer'], script: 'process.exit(1);' },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const start = { approver: 'lee', issue: ISSUE };

describe('tdd-handoff', () => {
  let rejected: string;

  it('goes through its phases, each proved by the tests, and back where the verification finds something', async () => {
    const { id, result } = await govern(engine, 'tdd-handoff', { ...start, rejected: 'approval' });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'rejected', step: 'approval' } });
    rejected = id;

    const phases = (await engine.record.steps(id)).filter(({ item }) => item !== null);
    expect(phases.map(({ name, status }) => [name.replace('Hand-off: ', ''), status])).toEqual([
      ['Red', 'succeeded'],
      ['Green', 'succeeded'],
      ['Refactor', 'succeeded'],
      ['Integration Red', 'succeeded'],
      ['Integration Green', 'succeeded'],
      ['Verify', 'failed'],
      ['Integration Green', 'succeeded'],
      ['Verify', 'succeeded'],
    ]);
    const attempts = await engine.record.inTx((tx) =>
      tx
        .selectFrom('attempts as t')
        .innerJoin('agents as a', 'a.id', 't.agent_id')
        .select(['t.item', 't.attempt', 'a.name', 't.session', 't.error'])
        .where('t.run_id', '=', id)
        .orderBy('t.item')
        .orderBy('t.attempt')
        .execute(),
    );
    expect(attempts.map(({ item, attempt, name, session }) => [item, attempt, name, session])).toEqual([
      [0, 1, 'tara', 'tester'],
      [0, 2, 'tara', 'tester'],
      [1, 1, 'devon', 'developer'],
      [1, 2, 'devon', 'developer'],
      [2, 1, 'devon', 'developer'],
      [3, 1, 'tara', 'tester'],
      [4, 1, 'devon', 'developer'],
      [5, 1, 'tara', 'tester'],
      [6, 1, 'devon', 'developer'],
      [7, 1, 'tara', 'tester'],
    ]);
    const errors = attempts.flatMap(({ error }) => (error ? [error.message] : []));
    expect(errors).toEqual([
      expect.stringMatching(/gate red failed .*pass already/),
      expect.stringMatching(/must pass the tests that stand.*test\/multiply\.test\.js/),
      expect.stringMatching(/nobody says how it is used/),
    ]);
  }, LONG_MS);

  it.each([['create-branch'], ['say-that-it-begins'], ['hand-off'], ['open-pull-request'], ['merge', 'approval']])(
    'ends at %s where that fails',
    async (step, from = step) => {
      await failAt(engine, { of: rejected, from, step, approver: 'lee' });
    },
  );

  it('merges what a lead approves: the tests and the code, and the finding that was mended', async () => {
    const { id, result } = await govern(engine, 'tdd-handoff', start);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.forgeGit('ls-tree', '-r', '--name-only', 'main')).toBe(
      ['README.md', 'package.json', 'src/divide.js', 'src/index.js', 'src/multiply.js']
        .concat(['test/divide.test.js', 'test/integration.test.js', 'test/multiply.test.js'])
        .join('\n'),
    );
    expect(await engine.forgeGit('show', 'main:README.md')).toMatch(/nobody says how it is used/);
    const { issue_id: issueId, number, branch } = await engine.record.run(id);
    const comments = await engine.record.inTx((tx) =>
      tx.selectFrom('issue_comments').select('body').where('issue_id', '=', issueId).orderBy('created_at').execute(),
    );
    expect(comments.map(({ body }) => body)).toEqual([
      `Run #${number} works on it, on ${branch}: tests first, then the code.`,
      expect.stringMatching(new RegExp(`^Run #${number} is done: pull request #\\d+ is merged\\.$`)),
    ]);
    await failAt(engine, { of: id, from: 'say-that-it-is-done', step: 'say-that-it-is-done', approver: 'lee' });
    const { output } = await engine.record.step(id, 'hand-off');
    expect(output).toMatchObject({ phases: expect.arrayContaining([{ phase: 'refactor', commit: null }].map((each) => expect.objectContaining(each) as unknown)) as unknown });
  }, LONG_MS);
});

describe('a phase that breaks its rule at every attempt', () => {
  it('ends the hand-off with the rule', async () => {
    const { result } = await engine.run(
      `
name: stubborn
steps:
  - { name: Work, action: tdd.handoff, retry: { attempts: 2, delay: 10ms }, params: { tester: tara, developer: dora, integration: false } }
`,
      { repository: (await engine.addRepository('stubborn', CALCULATOR)).name },
    );
    expect(result).toMatchObject({ status: 'failed', error: { code: 'agent-exited', step: 'work' } });
  });
});
