import type { GateResult, GateSpec } from '../domain/gate.js';
import { facts, noCommand, runCommand } from './command-gate.js';
import type { Gate, GateContext } from './gate.js';
import { testFileMatcher } from './test-files.js';

/**
 * The change adds tests that fail, and nothing else fails: what it touches are tests, without it the tests pass, and
 * with it they do not.
 */
export const red: Gate<Extract<GateSpec, { kind: 'red' }>> = async (_spec, context) => {
  const { test } = context.config;
  if (!test) return noCommand('red', 'test', context);
  const misplaced = whyMisplaced(context);
  if (misplaced !== null) return { ...facts('red', null, null, context), summary: misplaced, verdict: 'fail' };

  const { ran, inconclusive } = await runCommand('red', test, context);
  if (inconclusive) return inconclusive;
  const known = facts('red', test.command, ran, context);
  if (ran.exitCode === 0)
    return { ...known, summary: 'the new tests pass already, so they show nothing that is missing', verdict: 'fail' };
  return { ...known, ...judgeBase(await context.testBase()) };
};

/** Why the change is not one that only adds tests. */
function whyMisplaced({ change, config }: GateContext): string | null {
  const isTest = testFileMatcher(config);
  const others = change.map(({ path }) => path).filter((path) => !isTest(path));
  if (others.length > 0) return `only tests are written here, and the change touches ${others.slice(0, 5).join(', ')}`;
  const changed = change.filter(({ status }) => status !== 'added').map(({ path }) => path);
  if (changed.length > 0)
    return `new tests go into files of their own, so that it is seen which of them fail; the change touches ${changed.slice(0, 5).join(', ')}`;
  return change.length === 0 ? 'the change adds no test' : null;
}

function judgeBase(
  base: GateResult,
): { summary: string } & ({ verdict: 'pass' } | { verdict: 'inconclusive'; mend: string }) {
  if (base.verdict === 'pass') return { summary: 'the new tests fail, and only they', verdict: 'pass' };
  return {
    summary: `without the change the tests do not pass either: ${base.summary}`,
    verdict: 'inconclusive',
    mend: base.verdict === 'inconclusive' ? base.mend : 'Mend the tests of the branch first; then rerun.',
  };
}
