import { judgeRed } from '../../src/domain/red.js';
import type { TestResult } from '../../src/domain/test-result.js';

const tests = (...told: readonly string[]): TestResult[] =>
  told.map((each) => {
    const [name, verdict] = each.split(' ') as [string, TestResult['verdict']];
    return { name, verdict, durationMs: null, message: null, file: null, line: null };
  });
const before = tests('old pass', 'slow skip', 'broken fail');

describe('red', () => {
  it('are new tests that fail, and only they', () => {
    expect(judgeRed(before, [...before, ...tests('new fail', 'other pass')], true)).toEqual({
      verdict: 'pass',
      summary: 'the new tests fail, and only they: new',
    });
    const many = tests('a fail', 'b fail', 'c fail', 'd fail', 'e fail', 'f fail');
    expect(judgeRed([], many, false).summary).toBe('the new tests fail, and only they: a, b, c, d, e and 1 more');
  });

  it.each([
    ['a test fails that passed', tests('old fail', 'slow skip', 'new fail'), 'tests fail that did not before: old'],
    [
      'a test fails that was left out',
      tests('old pass', 'slow fail', 'new fail'),
      'tests fail that did not before: slow',
    ],
    ['a test is gone', tests('old pass', 'slow skip', 'new fail'), 'tests that were there are gone: broken'],
    [
      'no new test fails',
      [...before, ...tests('new pass')],
      'the new tests pass already, so they show nothing that is missing',
    ],
  ])('is not where %s', (_what, after, summary) => {
    expect(judgeRed(before, after, true)).toEqual({ verdict: 'fail', summary });
  });

  it('does not ask for tests that were not reached, where their files are as they were', () => {
    expect(judgeRed(before, tests('new fail'), false)).toMatchObject({ verdict: 'pass' });
  });
});
