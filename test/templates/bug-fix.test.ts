import { startEngine, type Engine } from '../support/engine.js';
import type { JsonObject } from '../../src/domain/json.js';
import type { TestAgent } from '../support/test-agents.js';
import { CALCULATOR, failAt, govern } from './template-fixture.js';

const FAILING = `import assert from 'node:assert';
import { test } from 'node:test';
import { divide } from '../src/divide.js';
test('refuses to divide by zero', () => assert.throws(() => divide(1, 0), RangeError));
`;
const FIXED = `export function divide(a, b) {
  if (b === 0) throw new RangeError('nothing is divided by zero');
  return a / b;
}
`;
const devon = (attempts: readonly JsonObject[]): TestAgent => ({
  name: 'devon',
  roles: ['developer'],
  moves: [
    { action: 'code.reproduce', write: { 'test/divide-by-zero.test.js': FAILING }, summary: 'Shows the bug.' },
    { action: 'code.diagnose', summary: 'divide never looks at its second argument.' },
    ...attempts,
    {
      action: 'code.fix',
      write: { 'src/divide.js': FIXED, 'test/divide-by-zero.test.js': FAILING },
      summary: 'Refuses zero.',
    },
  ],
});
const WEAKENED = { action: 'code.fix', attempt: 1, write: { 'test/divide-by-zero.test.js': '' } };
const ISSUE = { title: 'Division by zero', body: 'divide(1, 0) gives Infinity.', labels: [] };

/** Several attempts with their gates, each in worktrees of its own. */
const LONG_MS = 300_000;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: CALCULATOR,
    people: { olga: ['on-call'] },
    agents: [
      devon([WEAKENED]),
      { name: 'tara', roles: ['tester'], moves: [{ action: 'test.verify', summary: 'Holds.' }] },
      { name: 'riva', roles: ['reviewer'], moves: [{ action: 'review.expedited', summary: 'No side effects.' }] },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const start = { approver: 'olga', issue: ISSUE };

describe('bug-fix', () => {
  let rejected: string;

  it('ends with the rejection where on-call rejects', async () => {
    const { id, result } = await govern(engine, 'bug-fix', { ...start, rejected: 'approval' });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'rejected', step: 'approval' } });
    rejected = id;
  }, LONG_MS);

  it.each([
    ['create-branch'],
    ['reproduce'],
    ['diagnose'],
    ['fix'],
    ['verify'],
    ['expedited-review'],
    ['open-pull-request'],
    ['merge', 'approval'],
  ])('ends at %s where that fails', async (step, from = step) => {
    await failAt(engine, { of: rejected, from, step, approver: 'olga' });
  });

  it('reproduces, diagnoses and fixes by one agent, and merges once somebody on call approves', async () => {
    const { id, result } = await govern(engine, 'bug-fix', start);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const agents = await engine.record.inTx((tx) =>
      tx
        .selectFrom('attempts as t')
        .innerJoin('agents as a', 'a.id', 't.agent_id')
        .select(['t.step', 't.attempt', 'a.name', 't.session', 't.status'])
        .where('t.run_id', '=', id)
        .orderBy('t.started_at')
        .execute(),
    );
    const { session } = agents[0]!;
    expect(session).toMatch(/^playbook-/);
    // The weakened test of the first try is not let through.
    expect(agents.slice(0, 4)).toEqual([
      { step: 'reproduce', attempt: 1, name: 'devon', session, status: 'succeeded' },
      { step: 'diagnose', attempt: 1, name: 'devon', session, status: 'succeeded' },
      { step: 'fix', attempt: 1, name: 'devon', session, status: 'failed' },
      { step: 'fix', attempt: 2, name: 'devon', session, status: 'succeeded' },
    ]);
    expect(agents.slice(4).map(({ name, session: own }) => [name, own === session])).toEqual([
      ['tara', false],
      ['riva', false],
    ]);
    expect(await engine.forgeGit('show', 'main:src/divide.js')).toBe(FIXED.trimEnd());
    const pulls = await engine.record.inTx((tx) =>
      tx.selectFrom('pull_requests').selectAll().where('run_id', '=', id).execute(),
    );
    expect(pulls).toMatchObject([
      { title: 'fix: Division by zero', labels: ['bug', 'expedited'], reviewers: ['on-call'], state: 'merged' },
    ]);
    const said = await engine.record.inTx((tx) =>
      tx.selectFrom('reviews').select(['author', 'verdict']).where('pull_request_id', '=', pulls[0]!.id).orderBy('author').execute(),
    );
    // Who made the change and who tested it have looked, too; only the reviewer approves.
    expect(said.map(({ author, verdict }) => `${author}: ${verdict}`)).toEqual(['devon: comment', 'riva: approve', 'tara: comment']);
  }, LONG_MS);
});
