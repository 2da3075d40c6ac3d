import { BatonError } from '../../domain/errors.js';
import { keepable } from '../../domain/keepable.js';
import type { TestResult } from '../../domain/test-result.js';

/** More than a repository runs at once; they are all kept. */
export const MAX_TESTS = 20_000;
const MAX_NAME_CHARACTERS = 500;
const MAX_DURATION_MS = 2 ** 31 - 1;

interface Collected {
  readonly tests: TestResult[];
  /** @throws BatonError `report-invalid` where there are too many. */
  readonly add: (test: TestResult) => void;
}

/** Takes the tests of a report, in names and durations that can be kept. */
export function collectTests(): Collected {
  const tests: TestResult[] = [];
  const add = (test: TestResult) => {
    if (tests.length === MAX_TESTS) throw new BatonError('report-invalid', `names more than ${MAX_TESTS} tests`);
    const name = keepable(test.name.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_NAME_CHARACTERS));
    const durationMs = test.durationMs === null ? null : Math.min(Math.round(test.durationMs), MAX_DURATION_MS);
    tests.push({ ...test, name: name === '' ? 'a test without a name' : name, durationMs });
  };
  return { tests, add };
}
