import type { GateSpec } from '../domain/gate.js';
import { facts } from './command-gate.js';
import type { Gate } from './gate.js';
import { testFileMatcher } from './test-files.js';

const SHOWN = 5;

/** The change touches no test: whoever must pass them does not write them. */
export const testsKept: Gate<Extract<GateSpec, { kind: 'tests-kept' }>> = (_spec, context) => {
  const isTest = testFileMatcher(context.config.testFiles);
  const touched = context.change.map(({ path }) => path).filter(isTest);
  const shown =
    touched.slice(0, SHOWN).join(', ') + (touched.length > SHOWN ? ` and ${touched.length - SHOWN} more` : '');
  return Promise.resolve({
    ...facts('tests-kept', null, null, context),
    summary:
      touched.length === 0
        ? 'the change leaves the tests as they are'
        : `the change touches tests, which others wrote and it must pass: ${shown}. Leave them as they were`,
    verdict: touched.length === 0 ? 'pass' : 'fail',
  });
};
