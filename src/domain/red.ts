import type { TestResult } from './test-result.js';

export interface RedVerdict {
  readonly verdict: 'pass' | 'fail';
  readonly summary: string;
}

const MAX_NAMES = 5;

/**
 * Whether what a change makes fail are tests that it adds, and only they. A test that failed before may go on to fail.
 *
 * @param rewrites whether the change touches files of tests that were there: then none of those may be gone. Where it does not,
 * one that is missing was only not reached.
 */
export function judgeRed(before: readonly TestResult[], after: readonly TestResult[], rewrites: boolean): RedVerdict {
  const known = new Map(before.map(({ name, verdict }) => [name, verdict]));
  const failing = after.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
  const broken = failing.filter((name) => known.has(name) && known.get(name) !== 'fail');
  if (broken.length > 0) return { verdict: 'fail', summary: `tests fail that did not before: ${list(broken)}` };
  const there = new Set(after.map(({ name }) => name));
  const gone = rewrites ? [...known.keys()].filter((name) => !there.has(name)) : [];
  if (gone.length > 0) return { verdict: 'fail', summary: `tests that were there are gone: ${list(gone)}` };
  const red = failing.filter((name) => !known.has(name));
  if (red.length > 0) return { verdict: 'pass', summary: `the new tests fail, and only they: ${list(red)}` };
  return { verdict: 'fail', summary: 'the new tests pass already, so they show nothing that is missing' };
}

/** How linters and formatters end, each by a line that no test runner prints. */
const LINTERS: readonly (readonly [string, RegExp])[] = [
  ['ESLint', /✖ \d+ problems?/],
  ['XO', /^\s+✖\s+\d+:\d+\s/m],
  ['Standard', /standard: Use JavaScript Standard Style/],
  ['Prettier', /\[warn\] Code style issues found/],
  ['Ruff', /^Found \d+ errors?\.$/m],
  ['Flake8', /^\S+:\d+:\d+: [EWF]\d{3} /m],
  ['Clippy', /clippy::/],
];

/** The linter whose complaint made a test command fail, by the end of its output; null: none is known to. */
export const failedLinter = (tail: string): string | null =>
  LINTERS.find(([, pattern]) => pattern.test(tail))?.[0] ?? null;

const list = (names: readonly string[]): string =>
  names.length > MAX_NAMES
    ? `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`
    : names.join(', ');
