import type { GateSpec } from '../domain/gate.js';
import { failedLinter, judgeRed } from '../domain/red.js';
import { facts, noCommand } from './command-gate.js';
import type { Gate, GateContext, GateOutcome } from './gate.js';
import { testFileMatcher } from './test-files.js';
import { tests } from './tests.js';

/**
 * The change adds tests that fail, and nothing else fails: what it touches are tests, and what fails with it are tests that
 * it adds. Where the repository's tests are not known by name, they must pass without the change.
 */
export const red: Gate<Extract<GateSpec, { kind: 'red' }>> = async (_spec, context) => {
  const { test } = context.config;
  if (!test) return noCommand('red', 'test', context);
  const fail = (summary: string): GateOutcome => ({
    ...facts('red', null, null, context),
    summary,
    verdict: 'fail',
  });
  const misplaced = whyMisplaced(context);
  if (misplaced !== null) return fail(misplaced);
  const rewritten = context.change.filter(({ status }) => status !== 'added').map(({ path }) => path);
  if (rewritten.length > 0 && test.junit === undefined && !test.tap && !test.goJson) return fail(whyUnseen(rewritten));

  const { tests: after = [], findings, ...ran } = await tests({ kind: 'tests' }, context);
  const known = { ...ran, gate: 'red' as const, findings: [] };
  if (ran.verdict === 'inconclusive') return known;
  // What waits for ever shows nothing that is missing.
  if (ran.hung) return { ...known, findings };
  if (ran.verdict === 'pass')
    return { ...known, summary: 'the new tests pass already, so they show nothing that is missing', verdict: 'fail' };
  const linter = after.some(({ verdict }) => verdict === 'fail') ? null : failedLinter(ran.tail);
  if (linter !== null) {
    const summary = `${linter} fails and no test does: the new tests show nothing until they pass it`;
    return { ...known, findings, summary, verdict: 'fail' };
  }
  const base = await context.testBase();
  const before = base.tests ?? [];
  if (base.verdict !== 'inconclusive' && after.length > 0 && before.length > 0)
    return { ...known, ...judgeRed(before, after, rewritten.length > 0) };
  if (rewritten.length > 0) return fail(whyUnseen(rewritten));
  return { ...known, ...judgeBase(base) };
};

/** Why the change is not one that only writes tests. */
function whyMisplaced({ change, config }: GateContext): string | null {
  const isTest = testFileMatcher(config);
  const others = change.map(({ path }) => path).filter((path) => !isTest(path));
  if (others.length > 0) return `only tests are written here, and the change touches ${others.slice(0, 5).join(', ')}`;
  return change.length === 0 ? 'the change adds no test' : null;
}

const whyUnseen = (paths: readonly string[]): string =>
  `new tests go into files of their own, so that it is seen which of them fail; the change touches ${paths.slice(0, 5).join(', ')}`;

function judgeBase(
  base: GateOutcome,
): { summary: string } & ({ verdict: 'pass' } | { verdict: 'inconclusive'; mend: string }) {
  if (base.verdict === 'pass') return { summary: 'the new tests fail, and only they', verdict: 'pass' };
  return {
    summary: `without the change the tests do not pass either: ${base.summary}`,
    verdict: 'inconclusive',
    mend: base.verdict === 'inconclusive' ? base.mend : 'Mend the tests of the branch first; then rerun.',
  };
}
