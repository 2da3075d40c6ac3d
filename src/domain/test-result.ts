import type { Finding } from './gate.js';
import { cutText } from './text.js';

/** What one execution said of one test. */
export interface TestResult {
  /** With the suites that it is in, as its report names it. */
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'skip';
  /** Null where the report does not say. */
  readonly durationMs: number | null;
  /** Why it failed. */
  readonly message: string | null;
  /** As the report names it. */
  readonly file: string | null;
  readonly line: number | null;
}

/** A result of a test among the last ones of its repository. */
export interface TestSighting {
  readonly name: string;
  /** Content that it ran on: the same tree is the same content, whatever the commit. */
  readonly tree: string;
  readonly verdict: TestResult['verdict'];
}

/** How many executions of a repository's tests count as lately. */
export const LATELY = 50;

/** The names of the tests that both passed and failed on the same content: what they say depends on something else. */
export function flakyTests(sightings: readonly TestSighting[]): ReadonlySet<string> {
  const seen = new Map<string, Set<TestSighting['verdict']>>();
  const flaky = new Set<string>();
  for (const { name, tree, verdict } of sightings) {
    const key = JSON.stringify([name, tree]);
    const verdicts = seen.get(key) ?? new Set();
    seen.set(key, verdicts.add(verdict));
    if (verdicts.has('pass') && verdicts.has('fail')) flaky.add(name);
  }
  return flaky;
}

/** What a run of the tests found: each that failed, and whether that one can be believed. */
export const failedTests = (tests: readonly TestResult[], flaky: ReadonlySet<string>): Finding[] =>
  tests
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ name, message, file, line }) => ({
      rule: 'test-failed',
      severity: 'high',
      message: message === null || message === '' ? name : `${name}\n${message}`,
      file,
      line,
      fix: flaky.has(name)
        ? 'This test is flaky: lately it both passed and failed on the same content. Its cause may lie outside this change.'
        : null,
    }));

const MAX_NAMED = 3;

/** `2 of 57 tests fail: a, b`; null where none does. */
export function sayFailed(tests: readonly TestResult[], flaky: ReadonlySet<string>): string | null {
  const failed = tests.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return null;
  const named = failed
    .slice(0, MAX_NAMED)
    .map(({ name }) => `${cutText(name, 100)}${flaky.has(name) ? ' (flaky lately)' : ''}`);
  const more = failed.length > named.length ? [`${failed.length - named.length} more`] : [];
  const verb = failed.length === 1 ? 'fails' : 'fail';
  return `${failed.length} of ${tests.length} test${tests.length === 1 ? '' : 's'} ${verb}: ${[...named, ...more].join(', ')}`;
}
