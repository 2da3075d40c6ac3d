import { z } from 'zod';
import { commitSettings } from './commit-settings.js';
import { parseYaml, readYaml } from './parse-yaml.js';

export const REPOSITORY_CONFIG_PATH = '.baton/repository.yaml';

const MINUTE_MS = 60_000;
const UNITS_MS = { s: 1_000, m: MINUTE_MS, h: 60 * MINUTE_MS };
const inMs = (text: string): number => Number(text.slice(0, -1)) * UNITS_MS[text.at(-1) as keyof typeof UNITS_MS];
const duration = z
  .string()
  .regex(/^\d{1,4}[smh]$/, 'is a duration such as 90s, 10m or 1h')
  .transform(inMs);

const path = z
  .string()
  .min(1)
  .refine((value) => !value.startsWith('/') && !value.split('/').includes('..'), 'is a path inside the repository');

/** What the activities that run them leave time for: the set-up within an attempt, all gates of a step one after the other. */
const MAX_SETUP_MS = 60 * MINUTE_MS;
const MAX_CHECK_MS = 6 * 60 * MINUTE_MS;

const timeout = (maxMs: number) =>
  duration.refine((ms) => ms <= maxMs, `is at most ${maxMs / 60 / MINUTE_MS}h here`).default(10 * MINUTE_MS);

/** Without a word for so long a command counts as hung; null: never. Not said: half of its time. */
const silence = z
  .string()
  .regex(/^([1-9]\d{0,3}[smh]|never)$/, 'is a duration such as 90s, 10m or 1h, or never')
  .transform((text) => (text === 'never' ? null : inMs(text)))
  .optional();

const check = z.strictObject({ command: z.string().min(1), timeout: timeout(MAX_CHECK_MS), silence });

const DEFAULT_TESTS = [
  '**/{test,tests,__tests__,spec,specs,e2e,cypress}/**',
  '**/*.{test,spec,cy}.*',
  '**/*_{test,spec}.*',
  '**/test_*.py',
  '**/conftest.py',
];

/** Globs of the files that are tests: who must pass them does not change them. */
const tests = z.array(z.string().min(1).max(200)).min(1).max(50).optional();

export const testGlobs = (config: RepositoryConfig): readonly string[] => config.tests ?? DEFAULT_TESTS;

const schema = z.strictObject({
  tests,
  /** Makes a fresh worktree ready. Its results are kept by the hash of the lock files. */
  setup: check
    .extend({
      timeout: timeout(MAX_SETUP_MS),
      network: z.boolean().default(false),
      lockFiles: z.array(path).default(['package-lock.json']),
      cache: z
        .array(path)
        .min(1, 'name what the set-up makes, such as node_modules: a worktree gets it from there')
        .default(['node_modules']),
    })
    .optional(),
  test: check
    .extend({
      /** The JUnit report that the command writes. */
      junit: path.optional(),
      /** Whether the command prints TAP. */
      tap: z.boolean().optional(),
    })
    .refine(({ junit, tap }) => junit === undefined || tap !== true, 'has `junit` or `tap`, not both')
    .optional(),
  lint: check.optional(),
  typecheck: check.optional(),
  coverage: check.extend({ report: path.default('coverage/lcov.info') }).optional(),
  commits: commitSettings.optional(),
});

/** How a worktree of this repository is made ready and checked. */
export type RepositoryConfig = z.infer<typeof schema>;

/** Parses `.baton/repository.yaml`. Throws `repository-config-invalid` with every fault. */
export const parseRepositoryConfig = (source: string): RepositoryConfig =>
  parseYaml('repository-config-invalid', schema, source, REPOSITORY_CONFIG_PATH);

/** Every fault of a `.baton/repository.yaml`, with its place; the configuration where there is none. */
export const readRepositoryConfig = (source: string): ReturnType<typeof readYaml<typeof schema>> =>
  readYaml(schema, source);

export interface GuessedConfig {
  readonly config: RepositoryConfig;
  /** What was guessed and why, for the log. */
  readonly notes: readonly string[];
}

const packageJson = z.object({ scripts: z.record(z.string(), z.string()).default({}) });
const packageLock = z.object({ packages: z.record(z.string(), z.unknown()).default({}) });

/** Files at the root that the guesses are made from; null: not there. */
export interface RootFiles {
  readonly packageJson: string | null;
  readonly packageLock: string | null;
  readonly hasTsconfig: boolean;
}

/** Names of the scripts that npm projects have for a check, the likeliest first. */
const SCRIPTS = {
  test: ['test'],
  lint: ['lint'],
  typecheck: ['typecheck', 'type-check', 'check-types', 'check:types'],
  coverage: ['coverage', 'test:coverage'],
} as const;

const guessed = (command: string) => ({ command, timeout: 10 * MINUTE_MS });

/** Whether a script is node's own test runner, with no reporter chosen. */
const runsNodeTest = (script: string): boolean =>
  /\bnode\b.*\s--test(\s|$)/.test(script) && !script.includes('--test-reporter');

/** Of its own accord node reports to people only; asked by its environment it writes JUnit beside that. */
const NODE_REPORT = 'junit.xml';
const withNodeReport = ({ command, timeout: timeoutMs }: ReturnType<typeof guessed>) => ({
  command: `NODE_OPTIONS='--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=${NODE_REPORT}' ${command}`,
  timeout: timeoutMs,
  junit: NODE_REPORT,
});

/** Sensible guesses for a repository without a configuration: an npm project's own scripts. */
export function guessRepositoryConfig({ packageJson: text, packageLock: lock, hasTsconfig }: RootFiles): GuessedConfig {
  if (text === null)
    return { config: {}, notes: [`no ${REPOSITORY_CONFIG_PATH} and no package.json: nothing to set up or run`] };
  const { scripts } = readJson(text, packageJson) ?? { scripts: {} };
  const notes: string[] = [`no ${REPOSITORY_CONFIG_PATH}: guessing from package.json`];
  const config: RepositoryConfig = {};
  const packages = Object.keys(readJson(lock ?? '', packageLock)?.packages ?? {});
  if (packages.some((name) => name !== '')) {
    config.setup = {
      ...guessed('npm ci --no-audit --no-fund'),
      network: false,
      lockFiles: ['package-lock.json'],
      cache: ['node_modules'],
    };
    notes.push(`set-up: npm ci, without network (${REPOSITORY_CONFIG_PATH} can allow it with setup.network: true)`);
  }
  for (const kind of ['test', 'lint', 'typecheck', 'coverage'] as const) {
    const name = SCRIPTS[kind].find((script) => script in scripts);
    if (!name) continue;
    const known = guessed(`npm run --silent ${name}`);
    if (kind === 'coverage') config.coverage = { ...known, report: 'coverage/lcov.info' };
    else config[kind] = kind === 'test' && runsNodeTest(scripts[name]!) ? withNodeReport(known) : known;
    notes.push(`${kind}: npm run ${name}`);
  }
  if (!config.typecheck && hasTsconfig && packages.includes('node_modules/typescript')) {
    config.typecheck = guessed('node_modules/.bin/tsc --noEmit');
    notes.push('typecheck: tsc --noEmit, as there is a tsconfig.json');
  }
  return { config, notes };
}

function readJson<T>(text: string, shape: z.ZodType<T>): T | null {
  try {
    const parsed = shape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
