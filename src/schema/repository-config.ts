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

const MAX_REPORTS = 20;
/** A path or a glob of a report, which cannot lead out of the repository. */
const report = path.max(200).refine((value) => !value.startsWith('!'), 'names what is meant: it cannot begin with !');

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

/** Which files are tests where the configuration does not say. */
export const DEFAULT_TESTS: readonly string[] = [
  '**/{test,tests,__tests__,spec,specs,e2e,cypress}/**',
  '**/*.{test,spec,cy}.*',
  '**/*_{test,spec}.*',
  '**/*-{test,spec}.*',
  '**/test-*.{js,mjs,cjs,ts,mts,cts,jsx,tsx}',
  '**/test_*.py',
  '**/conftest.py',
  'testing/**/*.py',
  '**/testdata/**',
  '{test,tests}.{js,mjs,cjs,ts,mts,cts,jsx,tsx,py}',
  '**/*.test-d.{ts,tsx,mts,cts}',
  '**/test-d/**',
  '**/test-d.ts',
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
      /** What it makes in the worktree; empty where everything goes to the caches of the tools. */
      cache: z.array(path).default(['node_modules']),
    })
    .optional(),
  test: check
    .extend({
      /** The JUnit reports that the command writes: a path, a glob such as `target/surefire-reports/*.xml`, or several. */
      junit: z.union([report, z.array(report).min(1).max(MAX_REPORTS)]).optional(),
      /** Whether the command prints TAP. */
      tap: z.boolean().optional(),
      /** Whether the command prints the events of `go test -json`. */
      goJson: z.boolean().optional(),
    })
    .refine(
      ({ junit, tap, goJson }) => [junit !== undefined, tap, goJson].filter((set) => set === true).length <= 1,
      'has one of `junit`, `tap` and `goJson`',
    )
    .optional(),
  lint: check.optional(),
  typecheck: check.optional(),
  coverage: check.extend({ report: path.default('coverage/lcov.info'), patch: z.boolean().default(false) }).optional(),
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
