import { failedLinter, judgeRed } from '../../src/domain/red.js';
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

describe('a linter that fails in the place of tests', () => {
  it.each([
    ['ESLint', 'a.test.js\n  1:1  error  x is not defined  no-undef\n\n✖ 1 problem (1 error, 0 warnings)\n'],
    ['XO', '\n  test.js:3:1\n  ✖  3:1  Missing semicolon  semi\n'],
    ['Standard', 'standard: Use JavaScript Standard Style (https://standardjs.com)'],
    ['Prettier', '[warn] a.js\n[warn] Code style issues found in the above file.'],
    ['Ruff', 'tests.py:1:1: F401\nFound 1 error.\n'],
    ['Flake8', 'tests.py:1:1: E302 expected 2 blank lines\n'],
    ['Clippy', 'note: `-D clippy::all` implied by `-D warnings`'],
    [null, '✖ adds two numbers (1.2ms)\n  AssertionError: 1 !== 2\n'],
  ])('is known by its last lines: %s', (linter, tail) => {
    expect(failedLinter(tail)).toBe(linter);
  });
});
