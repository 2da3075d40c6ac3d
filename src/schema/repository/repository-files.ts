import { parse as parseToml } from 'smol-toml';
import picomatch from 'picomatch';

/** The files of one commit: a bounded listing, and the text of those that say how the repository is built. */
export interface RepositoryFiles {
  /** Paths with forward slashes, sorted. */
  readonly paths: readonly string[];
  /** Whether there are more paths than are listed. */
  readonly isCut: boolean;
  /** Text by path, of files that `manifestPaths` chooses. */
  readonly contents: ReadonlyMap<string, string>;
}

/** Files at the root whose text says how a repository is built, tested or which tools it asks for. */
const ROOT_MANIFESTS = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-workspace.yaml',
  '.yarnrc.yml',
  'yarn.lock',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'tox.ini',
  'pytest.ini',
  'noxfile.py',
  'requirements*.txt',
  'requirements/*.txt',
  'go.mod',
  'go.work',
  'Cargo.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'settings.gradle',
  'settings.gradle.kts',
  'gradle/wrapper/gradle-wrapper.properties',
  'Makefile',
  'makefile',
  'GNUmakefile',
  '.nvmrc',
  '.node-version',
  '.tool-versions',
  'mise.toml',
  '.python-version',
  'rust-toolchain',
  'rust-toolchain.toml',
  '.java-version',
  '.github/workflows/*.{yml,yaml}',
];

const isRootManifest = picomatch(ROOT_MANIFESTS, { dot: true });
const isPythonTest = picomatch(['{test,tests}/**/test_*.py', '{test,tests}/**/*_test.py', 'test_*.py', '*_test.py']);
const MAX_PACKAGES = 200;
const MAX_PYTHON_TESTS = 5;

/** Which files are read: the manifests at the root, those of npm packages below it, and a few Python tests. */
export function manifestPaths(paths: readonly string[]): string[] {
  const packages = paths.filter((path) => path.endsWith('/package.json') && !path.includes('node_modules/'));
  return [
    ...paths.filter((path) => isRootManifest(path)),
    ...packages.slice(0, MAX_PACKAGES),
    ...paths.filter((path) => isPythonTest(path)).slice(0, MAX_PYTHON_TESTS),
  ];
}

/** The text of a file; empty where it is not there. */
export const textOf = ({ contents }: RepositoryFiles, path: string): string => contents.get(path) ?? '';

export const has = ({ paths }: RepositoryFiles, path: string): boolean => paths.includes(path);

/** The first of some names that is there, null where none is. */
export const firstOf = (files: RepositoryFiles, names: readonly string[]): string | null =>
  names.find((name) => has(files, name)) ?? null;

export type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table below others; empty where there is none. */
export function tableAt(root: Table, ...keys: readonly string[]): Table {
  let table = root;
  for (const key of keys) {
    const next = table[key];
    if (!isTable(next)) return {};
    table = next;
  }
  return table;
}

/** A JSON object of a file; null where it is not there or cannot be read. */
export const jsonOf = (files: RepositoryFiles, path: string): Table | null =>
  parsed(files, path, (text) => JSON.parse(text));
export const tomlOf = (files: RepositoryFiles, path: string): Table | null => parsed(files, path, parseToml);

function parsed(files: RepositoryFiles, path: string, parse: (text: string) => unknown): Table | null {
  const text = files.contents.get(path);
  if (text === undefined) return null;
  try {
    const value = parse(text.replace(/^\uFEFF/, ''));
    return isTable(value) ? value : null;
  } catch {
    return null;
  }
}

/** The strings of a list; empty where it is none. */
export const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
