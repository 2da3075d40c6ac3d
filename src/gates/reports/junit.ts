import type { TestResult } from '../../domain/test-result.js';
import { collectTests } from './collect-tests.js';
import { readXml } from './read-xml.js';

const MAX_MESSAGE_CHARACTERS = 2_000;

/** A `testcase` that is being read. */
interface OpenCase {
  readonly attributes: Readonly<Record<string, string>>;
  verdict: TestResult['verdict'];
  message: string;
}

/**
 * The tests of a JUnit report: `testsuite` and `testcase` as Ant's task wrote them first and every runner does since. A
 * test's name has those of its suites and its class, each once.
 *
 * @throws BatonError `report-invalid`.
 */
export async function parseJunit(xml: string): Promise<TestResult[]> {
  const { tests, add } = collectTests();
  const suites: string[] = [];
  let test: OpenCase | null = null;
  let tellsWhy = false;
  await readXml(xml, {
    open: (name, attributes) => {
      if (name === 'testsuite') suites.push(attributes['name'] ?? '');
      if (name === 'testcase') test = { attributes, verdict: 'pass', message: '' };
      if (!test) return;
      if (name === 'skipped' && test.verdict === 'pass') test.verdict = 'skip';
      if (name !== 'failure' && name !== 'error') return;
      test.verdict = 'fail';
      test.message += attributes['message'] ?? '';
      tellsWhy = true;
    },
    text: (text) => {
      if (test && tellsWhy && test.message.length < MAX_MESSAGE_CHARACTERS) test.message += text;
    },
    close: (name) => {
      if (name === 'testsuite') suites.pop();
      if (name === 'failure' || name === 'error') tellsWhy = false;
      if (name !== 'testcase' || !test) return;
      add(resultOf(suites, test));
      test = null;
    },
  });
  return tests;
}

/** Whether a name begins with the words of another. */
const says = (name: string, other: string): boolean => name.startsWith(other) && !/^\w/.test(name.slice(other.length));

function resultOf(suites: readonly string[], { attributes, verdict, message }: OpenCase): TestResult {
  const parts = [...suites, attributes['classname'] ?? '', attributes['name'] ?? ''].filter((part) => part !== '');
  // Many runners say the suite again in the class, and the class in the name.
  const own = parts.filter((part, index) => !says(parts[index + 1] ?? '', part));
  const seconds = Number(attributes['time']?.replaceAll(',', '') ?? Number.NaN);
  const line = Number(attributes['line'] ?? Number.NaN);
  return {
    name: own.join(' > '),
    verdict,
    durationMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null,
    message: verdict === 'fail' ? message.trim().slice(0, MAX_MESSAGE_CHARACTERS) : null,
    file: attributes['file'] ?? null,
    line: Number.isInteger(line) ? line : null,
  };
}
