import { BatonError } from '../domain/errors.js';
import type { GateSpec } from '../domain/gate.js';
import { failedTests, sayFailed, type TestResult } from '../domain/test-result.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import { exitAndCause, facts, foundOrTail, noCommand, runCommand } from './command-gate.js';
import type { Gate, GateContext } from './gate.js';
import { notRemoved, readReport, removeReports } from './report-file.js';
import { MAX_TESTS } from './reports/collect-tests.js';
import { parseGoTest } from './reports/go-test.js';
import { parseJunit } from './reports/junit.js';
import { matchingFiles } from './reports/matching-files.js';
import { repositoryPaths } from './reports/repository-path.js';
import { parseTap } from './reports/tap.js';

/**
 * The repository's own tests pass. Its command decides, and where it reports on each test, so do those: a command that
 * ends well although its report names failed tests has not passed.
 */
export const tests: Gate<Extract<GateSpec, { kind: 'tests' }>> = async (_spec, context) => {
  const { test: configured } = context.config;
  if (!configured) return noCommand('tests', 'test', context);
  const { command, junit } = configured;
  const left = await removeReports(await reportPaths(junit, context), context);
  if (left) return { ...facts('tests', command, left, context), ...notRemoved([junit].flat().join(', '), 'test') };
  const { ran, brokenOff } = await runCommand('tests', configured, context);
  if (brokenOff) return brokenOff;
  const known = facts('tests', command, ran, context);
  const report = await readTests(configured, ran.stdout, context);
  const failed = sayFailed(report.tests, new Set());
  const note = report.fault === null ? '' : `; ${report.fault}`;
  const done = { ...known, tests: report.tests };

  if (ran.exitCode === 0 && failed === null)
    return { ...done, summary: `${sayPassed(report.tests)}${note}`, verdict: 'pass' };
  const summary = failed ?? `the tests fail with ${exitAndCause(ran)}${note}`;
  const found = failedTests(report.tests, new Set());
  return { ...done, summary, verdict: 'fail', findings: foundOrTail({ ...known, summary }, found, 'high') };
};

function sayPassed(all: readonly TestResult[]): string {
  const passed = all.filter(({ verdict }) => verdict === 'pass').length;
  if (all.length === 0) return 'the tests pass';
  const skipped = all.length > passed ? `, ${all.length - passed} skipped` : '';
  return `the tests pass: ${passed} of ${all.length}${skipped}`;
}

interface TestReport {
  readonly tests: readonly TestResult[];
  /** Why they are not known although the configuration says where they are. */
  readonly fault: string | null;
}

async function readTests(
  { junit, tap, goJson }: NonNullable<RepositoryConfig['test']>,
  printed: string,
  context: GateContext,
): Promise<TestReport> {
  if (junit === undefined && !tap && !goJson) return { tests: [], fault: null };
  const pathOf = repositoryPaths(context.policy.workspace.path);
  const from = junit === undefined ? `the ${tap ? 'TAP' : 'JSON of go test'} on stdout` : [junit].flat().join(', ');
  try {
    const read =
      junit === undefined ? (tap ? parseTap : parseGoTest)(printed) : await readJunits([junit].flat(), context);
    if (read.length === 0) return { tests: [], fault: `${from} names no test` };
    return {
      tests: read.map((test) => ({ ...test, file: test.file === null ? null : pathOf(test.file) })),
      fault: null,
    };
  } catch (error) {
    if (error instanceof BatonError) return { tests: [], fault: `${from} ${error.message}` };
    throw error;
  }
}

type Junit = NonNullable<RepositoryConfig['test']>['junit'];

/** The reports that are there, and the names of those that are no glob. */
const reportPaths = async (junit: Junit, { policy }: GateContext): Promise<string[]> =>
  (await Promise.all([junit ?? []].flat().map((pattern) => matchingFiles(policy.workspace.path, pattern)))).flat();

/** The tests of all reports; a missing one of several is missed. */
async function readJunits(patterns: readonly string[], context: GateContext): Promise<TestResult[]> {
  const tests: TestResult[] = [];
  for (const pattern of patterns) {
    const paths = await matchingFiles(context.policy.workspace.path, pattern);
    if (paths.length === 0) throw missing;
    for (const path of paths) {
      const report = await readReport(context, path);
      if (report.kind === 'missing') throw missing;
      if (report.kind === 'refused') throw new BatonError('report-invalid', `cannot be read: ${report.why}`);
      tests.push(...(await parseJunit(report.text)));
      if (tests.length > MAX_TESTS) throw new BatonError('report-invalid', `names more than ${MAX_TESTS} tests`);
    }
  }
  return tests;
}

const missing = new BatonError('report-invalid', 'is not there');
