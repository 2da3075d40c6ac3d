import type { TestResult } from '../../domain/test-result.js';
import { collectTests } from './collect-tests.js';

const MAX_OUTPUT_CHARACTERS = 2_000;

/** An event of test2json, as `go test -json` prints one a line (https://pkg.go.dev/cmd/test2json). */
interface GoEvent {
  readonly Action?: unknown;
  readonly Package?: unknown;
  readonly Test?: unknown;
  readonly Elapsed?: unknown;
  readonly Output?: unknown;
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
    const event = eventOf(line);
    const pack = textOf(event?.Package);
    if (!event || pack === '') continue;
    const test = textOf(event.Test);
    const key = `${pack} ${test}`;
    if (event.Action === 'output' && outputs.size < 100_000) {
      const output = `${outputs.get(key) ?? ''}${textOf(event.Output)}`;
      outputs.set(key, output.slice(-MAX_OUTPUT_CHARACTERS));
    }
    const verdict = typeof event.Action === 'string' ? VERDICTS[event.Action] : undefined;
    if (verdict === undefined) continue;
    if (test !== '' && verdict === 'fail') failing.add(pack);
    if (test === '' && (verdict !== 'fail' || failing.has(pack))) continue;
    const output = outputs.get(key) ?? '';
    outputs.delete(key);
    // go names a file by its base: the package's own folder is not known from here.
    add({
      name: test === '' ? pack : `${pack} > ${test}`,
      verdict,
      durationMs: typeof event.Elapsed === 'number' && event.Elapsed >= 0 ? event.Elapsed * 1_000 : null,
      message: verdict === 'fail' ? output.trim() : null,
      file: null,
      line: null,
    });
  }
  return tests;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function eventOf(line: string): GoEvent | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as GoEvent;
  } catch {
    return null;
  }
}
