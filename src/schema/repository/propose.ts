import { detectGo } from './go.js';
import { detectGradle, detectMaven } from './jvm.js';
import { languagesOf, type Language } from './languages.js';
import { detectMake } from './make.js';
import { detectNode } from './node.js';
import type { Part, ProposedCommand, ProposedSetUp, ProposedTest } from './part.js';
import { detectPython } from './python.js';
import type { RepositoryFiles } from './repository-files.js';
import { detectRust } from './rust.js';
import { testGlobsBeside } from './test-globs.js';
import { askedTools, type AskedTool } from './tool-chains.js';
import { writeConfig } from './write-config.js';

/** What Baton detects in a repository, and the configuration that follows from it. */
export interface Proposal {
  readonly languages: readonly Language[];
  readonly packageManagers: readonly { readonly name: string; readonly because: string }[];
  readonly tools: readonly AskedTool[];
  /** The text of `.baton/repository.yaml`. */
  readonly text: string;
  /** Why each part of it is proposed. */
  readonly reasons: readonly { readonly part: string; readonly says: string }[];
  /** What is not sure, or missing. */
  readonly doubts: readonly string[];
}

/** The parts of the file, of one ecosystem or of several together. */
export type ProposedConfig = Omit<Part, 'packageManager' | 'because' | 'doubts'> & {
  readonly tests?: readonly string[] | undefined;
};

const KINDS = ['setup', 'test', 'lint', 'typecheck', 'coverage'] as const;
const NAMES = { setup: 'set-up', test: 'tests', lint: 'lint', typecheck: 'type check', coverage: 'coverage' } as const;

/** Proposes `.baton/repository.yaml` from the files of a commit. Pure: the same files give the same proposal. */
export function proposeConfig(files: RepositoryFiles): Proposal {
  const parts = [detectNode, detectPython, detectGo, detectRust, detectMaven, detectGradle].flatMap(
    (detect) => detect(files) ?? [],
  );
  const make = detectMake(files);
  const ownConfig = combine(parts);
  const config: ProposedConfig = { ...(make && pick(make)), ...ownConfig, tests: testGlobsBeside(files) };
  const usesMake = make !== null && KINDS.some((kind) => config[kind] !== undefined && config[kind] === make[kind]);
  const all = usesMake || parts.length === 0 ? [...parts, ...(make ? [make] : [])] : parts;
  const reasons = KINDS.flatMap((kind) => {
    const proposed: ProposedCommand | undefined = config[kind];
    return proposed ? [{ part: NAMES[kind], says: `\`${proposed.command}\`: ${proposed.why}` }] : [];
  });
  return {
    languages: languagesOf(files),
    packageManagers: all.map(({ packageManager: name, because }) => ({ name, because })),
    tools: askedTools(files),
    text: writeConfig(config),
    reasons: config.tests
      ? [...reasons, { part: 'test files', says: 'there are tests that the usual globs do not match' }]
      : reasons,
    doubts: doubtsOf(files, all, config),
  };
}

const pick = (part: Part): ProposedConfig =>
  Object.fromEntries(KINDS.flatMap((kind) => (part[kind] ? [[kind, part[kind]]] : [])));

/** Several ecosystems side by side: their commands run one after the other. */
function combine(parts: readonly Part[]): ProposedConfig {
  if (parts.length <= 1) return parts[0] ? pick(parts[0]) : {};
  const of = <K extends (typeof KINDS)[number]>(kind: K): NonNullable<Part[K]>[] =>
    parts.flatMap((part) => part[kind] ?? []);
  const config: { -readonly [K in keyof ProposedConfig]: ProposedConfig[K] } = {};
  const [setups, tests, lints, typechecks, coverages] = [
    of('setup'),
    of('test'),
    of('lint'),
    of('typecheck'),
    of('coverage'),
  ];
  if (setups.length > 0) config.setup = joinSetUps(setups);
  if (tests.length > 0) config.test = joinTests(tests);
  if (lints.length > 0) config.lint = join(lints);
  if (typechecks.length > 0) config.typecheck = join(typechecks);
  // A coverage gate reads one report.
  if (coverages[0]) config.coverage = coverages[0];
  return config;
}

const join = (commands: readonly ProposedCommand[]): ProposedCommand => ({
  command: commands.map(({ command }) => command).join(' && '),
  why: commands.map(({ why }) => why).join('; '),
});

const longest = (items: readonly { readonly timeout?: string }[]) => {
  const timeout = items.map((item) => item.timeout).find((time) => time !== undefined);
  return timeout === undefined ? {} : { timeout };
};

const joinSetUps = (setups: readonly ProposedSetUp[]): ProposedSetUp => ({
  ...join(setups),
  ...longest(setups),
  network: setups.some(({ network }) => network),
  lockFiles: [...new Set(setups.flatMap(({ lockFiles }) => lockFiles))],
  cache: [...new Set(setups.flatMap(({ cache }) => cache))],
});

/** Reports of one kind only can be read together; where there are several kinds, JUnit is. */
function joinTests(tests: readonly ProposedTest[]): ProposedTest {
  if (tests.length === 1) return tests[0]!;
  const junit = [...new Set(tests.flatMap((test) => test.junit ?? []))];
  return { ...join(tests), ...longest(tests), ...(junit.length > 0 && { junit }) };
}

const NESTED =
  /^(?!.*(^|\/)(node_modules|vendor|testdata|fixtures|examples?)\/)(.+)\/(package\.json|pyproject\.toml|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?)$/;
const MAX_NESTED = 5;

function doubtsOf(files: RepositoryFiles, parts: readonly Part[], config: ProposedConfig): string[] {
  // What one ecosystem lacks, another may have.
  const doubts = parts
    .flatMap((part) => part.doubts)
    .filter((doubt) => !config.test || !doubt.startsWith('no test command'));
  if (parts.length === 0) {
    const nested = files.paths.filter((path) => NESTED.test(path)).slice(0, MAX_NESTED);
    doubts.push(
      nested.length === 0
        ? 'no build tool that Baton knows is at the root: write the commands by hand'
        : `the root has no manifest, folders have (${nested.join(', ')}): write commands that begin with \`cd FOLDER && …\``,
    );
  }
  if (parts.filter(({ coverage }) => coverage).length > 1)
    doubts.push('coverage is measured in one of several languages only');
  if (files.isCut) doubts.push(`only the first ${files.paths.length} files were looked at`);
  return doubts;
}
