import type { TestResult } from '../../domain/test-result.js';
import { collectTests } from './collect-tests.js';

const MAX_OUTPUT_CHARACTERS = 2_000;

/** An event of test2json, as `go test -json` prints one a line (https://pkg.go.dev/cmd/test2json). */
export interface GoEvent {
  readonly action: string;
  readonly package: string;
  /** Empty: it is about the package. */
  readonly test: string;
  readonly seconds: number | null;
  readonly output: string;
}

const VERDICTS: Readonly<Record<string, TestResult['verdict']>> = { pass: 'pass', fail: 'fail', skip: 'skip' };

/**
 * The tests of `go test -json`. A package that fails without a failed test, such as one that does not compile, counts as
 * a failed test of its own.
 *
 * @throws BatonError `report-invalid`.
 */
export function parseGoTest(printed: string): TestResult[] {
  const { tests, add } = collectTests();
  const outputs = new Map<string, string>();
  const failing = new Set<string>();
  for (const line of printed.split('\n')) {
    const event = readGoEvent(line);
    if (!event || event.package === '') continue;
    const { package: pack, test, action, seconds } = event;
    const key = `${pack} ${test}`;
    if (action === 'output' && outputs.size < 100_000)
      outputs.set(key, `${outputs.get(key) ?? ''}${event.output}`.slice(-MAX_OUTPUT_CHARACTERS));
    const verdict = VERDICTS[action];
    if (verdict === undefined) continue;
    if (test !== '' && verdict === 'fail') failing.add(pack);
    if (test === '' && (verdict !== 'fail' || failing.has(pack))) continue;
    const output = outputs.get(key) ?? '';
    outputs.delete(key);
    // go names a file by its base: the package's own folder is not known from here.
    add({
      name: test === '' ? pack : `${pack} > ${test}`,
      verdict,
      durationMs: seconds === null ? null : seconds * 1_000,
      message: verdict === 'fail' ? output.trim() : null,
      file: null,
      line: null,
    });
  }
  return tests;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The event of a line; null where it is none. */
export function readGoEvent(line: string): GoEvent | null {
  if (!line.startsWith('{')) return null;
  let read: Readonly<Record<string, unknown>>;
  try {
    read = JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
  const { Action, Package, ImportPath, Test, Elapsed, Output } = read;
  if (typeof Action !== 'string' || (Package === undefined && ImportPath === undefined)) return null;
  return {
    action: Action,
    package: textOf(Package),
    test: textOf(Test),
    seconds: typeof Elapsed === 'number' && Elapsed >= 0 ? Elapsed : null,
    output: textOf(Output),
  };
}
