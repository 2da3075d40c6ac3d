import type { GateSpec } from '../domain/gate.js';
import { facts, noCommand, runCommand } from './command-gate.js';
import type { Gate } from './gate.js';

/** The repository's own tests pass. */
export const tests: Gate<Extract<GateSpec, { kind: 'tests' }>> = async (_spec, context) => {
  const { test } = context.config;
  if (!test) return noCommand('tests', 'test', context);
  const { ran, inconclusive } = await runCommand('tests', test, context);
  if (inconclusive) return inconclusive;
  const passed = ran.exitCode === 0;
  const summary = passed ? 'the tests pass' : `the tests fail with exit code ${ran.exitCode}`;
  return { ...facts('tests', test.command, ran, context), summary, verdict: passed ? 'pass' : 'fail' };
};
