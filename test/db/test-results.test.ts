import { flakyAmong, recordTests, type TestRun } from '../../src/db/test-results.js';
import type { TestResult } from '../../src/domain/test-result.js';
import { createRecord, type TestRecord } from '../api/record.js';

let record: TestRecord;
let run: Omit<TestRun, 'attempt'>;
let made = 0;
beforeAll(async () => {
  record = await createRecord();
});
beforeEach(async () => {
  const repositoryId = await record.addRepository(`demo-${++made}`);
  const { id: runId } = await record.createRun();
  const { organisationId } = record;
  run = { organisationId, repositoryId, runId, step: 'work', item: null, commit: 'c', tree: 'tree-1' };
});
afterAll(() => record.close());

const result = (name: string, verdict: TestResult['verdict']): TestResult => ({
  name,
  verdict,
  durationMs: null,
  message: null,
  file: null,
  line: null,
});
const executed = (attempt: number, tests: readonly TestResult[], tree = 'tree-1') =>
  record.inTx((tx) => recordTests(tx, { ...run, attempt, tree }, tests));
const flaky = (...names: string[]) => record.inTx((tx) => flakyAmong(tx, run.repositoryId, names));
const kept = () =>
  record.inTx((tx) =>
    tx
      .selectFrom('test_runs as t')
      .innerJoin('test_results as r', 'r.test_run_id', 't.id')
      .select('t.attempt')
      .where('t.repository_id', '=', run.repositoryId)
      .orderBy('t.attempt')
      .execute(),
  );

describe('the results of a repository’s tests', () => {
  it('say which of the asked ones were flaky on the same content', async () => {
    await executed(1, [result('a', 'pass'), result('b', 'pass'), result('c', 'pass')]);
    await executed(2, [result('a', 'fail'), result('b', 'pass'), result('c', 'fail')]);
    expect(await flaky('a', 'b')).toEqual(new Set(['a']));
    expect(await flaky()).toEqual(new Set());
  });

  it('are those of one repository', async () => {
    await executed(1, [result('a', 'pass')]);
    const other = await record.addRepository(`other-${made}`);
    await record.inTx((tx) => recordTests(tx, { ...run, repositoryId: other, attempt: 2 }, [result('a', 'fail')]));
    expect(await flaky('a')).toEqual(new Set());
  });

  it('are kept once, however often an activity is begun again', async () => {
    await executed(1, [result('a', 'pass')]);
    await executed(1, [result('a', 'fail')]);
    expect(await kept()).toHaveLength(1);
    expect(await flaky('a')).toEqual(new Set());
  });

  it('forget what was long ago', async () => {
    await executed(1, [result('a', 'fail')]);
    for (let attempt = 2; attempt <= 51; attempt += 1) await executed(attempt, [result('a', 'pass')]);
    expect(await flaky('a')).toEqual(new Set());
    for (let attempt = 52; attempt <= 201; attempt += 1) await executed(attempt, [result('a', 'pass')]);
    const attempts = (await kept()).map(({ attempt }) => attempt);
    expect([attempts.length, attempts[0]]).toEqual([200, 2]);
  });

  it('are as many as a report may name', async () => {
    const tests = Array.from({ length: 20_000 }, (_, index) => result(`test ${index}`, 'pass'));
    await executed(1, tests);
    expect(await kept()).toHaveLength(20_000);
  });
});
