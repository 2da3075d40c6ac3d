import type { NodeManager, NodePackage } from './node-packages.js';
import type { ProposedCoverage, ProposedTest } from './part.js';

/** Where a report lies that Baton has the tests write. */
const REPORT = 'junit.xml';
const LCOV = 'coverage/lcov.info';

/** How a package manager runs a script, without words of its own. */
export const runScript = (manager: NodeManager, name: string): string =>
  ({
    npm: `npm run --silent ${name}`,
    pnpm: `pnpm --silent run ${name}`,
    yarn: `yarn --silent run ${name}`,
    'yarn-berry': `yarn run ${name}`,
    bun: `bun run --silent ${name}`,
  })[manager];

const withArguments = (manager: NodeManager, name: string, more: string): string =>
  `${runScript(manager, name)} ${manager === 'npm' ? '-- ' : ''}${more}`;

/** Whether arguments that are put behind a script reach the one program that it runs. */
const isOneCommand = (script: string): boolean => !/[;&|<>`#]|\$\(/.test(script);
/** Whether a program is what a script runs, by itself or below one that measures coverage. */
const runs = (script: string, program: string): boolean =>
  new RegExp(String.raw`^(\w+=\S+\s+)*((npx|cross-env|c8|nyc)\s+(\S+=\S+\s+|--?\S+\s+)*)*${program}(\s|$)`).test(
    script,
  );

/** Whether a script is node's own test runner, with no reporter chosen. */
const runsNodeTest = (script: string): boolean =>
  /\bnode\b.*\s--test(\s|$)/.test(script) && !script.includes('--test-reporter');

const NODE_REPORTERS = [
  '--test-reporter=spec --test-reporter-destination=stdout',
  `--test-reporter=junit --test-reporter-destination=${REPORT}`,
].join(' ');

/** The script, made to report on each test where its runner can without a new dependency. */
export function testOf({ scripts, dependencies }: NodePackage, manager: NodeManager): ProposedTest {
  const script = scripts['test']!;
  const says = (how: string) => `the package's test script is \`${script}\`${how}`;
  if (runsNodeTest(script))
    return {
      command: `NODE_OPTIONS='${NODE_REPORTERS}' ${runScript(manager, 'test')}`,
      junit: [REPORT],
      why: says('; node writes JUnit beside its usual output'),
    };
  const asked =
    isOneCommand(script) && !/\s--?(reporters?|R|tap)\b/.test(script) ? reporterOf(script, dependencies) : null;
  if (asked)
    return {
      command: `${asked.env ?? ''}${withArguments(manager, 'test', asked.more)}`,
      ...(asked.tap ? { tap: true } : { junit: [REPORT] }),
      why: says(`; ${asked.why}`),
    };
  if (isOneCommand(script) && runs(script, 'tape'))
    return { command: runScript(manager, 'test'), tap: true, why: says('; tape prints TAP') };
  return {
    command: runScript(manager, 'test'),
    why: says('; its exit code alone decides, as no report can be asked for from outside'),
  };
}

interface Reporter {
  readonly more: string;
  readonly why: string;
  readonly env?: string;
  readonly tap?: true;
}

function reporterOf(script: string, dependencies: ReadonlySet<string>): Reporter | null {
  if (runs(script, 'vitest')) {
    const once = /\bvitest\s+(run|--run)\b|\s--run\b/.test(script) ? '' : '--run ';
    return {
      more: `${once}--reporter=default --reporter=junit --outputFile.junit=${REPORT}`,
      why: 'Vitest writes JUnit',
    };
  }
  if (runs(script, 'jest') && dependencies.has('jest-junit'))
    return {
      env: `JEST_JUNIT_OUTPUT_FILE=${REPORT} `,
      more: '--reporters=default --reporters=jest-junit',
      why: 'jest-junit is a dependency',
    };
  if (runs(script, 'mocha'))
    return {
      more: `--reporter xunit --reporter-option output=${REPORT}`,
      why: 'Mocha writes JUnit in place of its usual output',
    };
  if (runs(script, 'ava')) return { more: '--tap', tap: true, why: 'AVA prints TAP' };
  if (runs(script, 'bun test'))
    return { more: `--reporter=junit --reporter-outfile=${REPORT}`, why: 'Bun writes JUnit' };
  return null;
}

const COVERAGE_SCRIPTS = ['coverage', 'test:coverage', 'test:cov'] as const;

/** A command that writes lcov, where the repository has what that needs. */
export function coverageOf({ scripts, dependencies }: NodePackage, manager: NodeManager): ProposedCoverage | null {
  const test = scripts['test'];
  const named = COVERAGE_SCRIPTS.find((name) => name in scripts);
  if (named !== undefined)
    return {
      command: runScript(manager, named),
      report: LCOV,
      why: `the package has a script ${named}; it has to write ${LCOV}`,
    };
  if (test === undefined) return null;
  if (
    isOneCommand(test) &&
    runs(test, 'vitest') &&
    (dependencies.has('@vitest/coverage-v8') || dependencies.has('@vitest/coverage-istanbul'))
  )
    return {
      command: withArguments(manager, 'test', '--run --coverage --coverage.reporter=lcov'),
      report: LCOV,
      why: 'Vitest has a coverage provider among the dependencies',
    };
  if (isOneCommand(test) && runs(test, 'jest'))
    return {
      command: withArguments(manager, 'test', '--coverage --coverageReporters=lcov'),
      report: LCOV,
      why: 'Jest measures coverage itself',
    };
  const measurer = ['c8', 'nyc'].find((name) => dependencies.has(name));
  if (measurer && !/\b(c8|nyc)\b/.test(test))
    return {
      command: `node_modules/.bin/${measurer} --reporter=lcov ${runScript(manager, 'test')}`,
      report: LCOV,
      why: `${measurer} is a dependency`,
    };
  // What stands behind a file name would be an argument of the tests.
  if (/^node(\s+-\S+)*\s+--test(\s+-\S+)*$/.test(test) && !test.includes('--test-reporter'))
    return {
      command: `mkdir -p coverage && ${withArguments(manager, 'test', `--experimental-test-coverage --test-reporter=lcov --test-reporter-destination=${LCOV}`)}`,
      report: LCOV,
      why: "node's test runner measures coverage itself",
    };
  return null;
}
