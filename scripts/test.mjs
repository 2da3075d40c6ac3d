#!/usr/bin/env node
// Runs the tests, `npm test -- test/domain` a part of them. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installed = join(root, 'node_modules/.bin/node');
const node = existsSync(installed) ? installed : process.execPath;
const scratch = mkdtempSync(join(tmpdir(), 'baton-results-'));
const results = join(scratch, 'results.json');

const given = process.argv.slice(2);
// The threshold is for the whole: a part of the tests covers a part of the domain.
const coverage = given.length === 0 ? ['--coverage'] : [];
const jest = [
  '--disable-warning=ExperimentalWarning',
  '--experimental-vm-modules',
  join(root, 'node_modules/jest/bin/jest.js'),
];
const child = spawn(node, [...jest, ...coverage, ...given, '--json', `--outputFile=${results}`], {
  cwd: root,
  // With --json the results would go to standard output; the file has them.
  stdio: ['inherit', 'ignore', 'inherit'],
});
// Ctrl-C reaches Jest by the terminal; a TERM for us alone has to be passed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));

child.once('exit', (code, signal) => {
  const { passed, failed } = readCounts();
  rmSync(scratch, { recursive: true, force: true });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});

/** A suite that could not be run at all counts as one failure; so does a run without results. */
function readCounts() {
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}
