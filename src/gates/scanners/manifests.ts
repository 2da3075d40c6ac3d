import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { parseJson } from './parse-json.js';

/** A file that names dependencies, usually without their exact versions. */
interface ManifestKind {
  readonly file: RegExp;
  /** Lock files that say which versions; none: no scanner reads those of this package manager. */
  readonly locks: readonly string[];
  readonly namesDependencies: (text: string) => boolean;
}

const PYTHON_LOCKS = ['uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock', 'requirements.txt'];
const KINDS: readonly ManifestKind[] = [
  {
    file: /^package\.json$/,
    locks: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'],
    namesDependencies: (text) => hasEntries(parseJson(text), [['dependencies'], ['devDependencies']]),
  },
  {
    file: /^pyproject\.toml$/,
    locks: PYTHON_LOCKS,
    namesDependencies: (text) =>
      hasEntries(toml(text), [
        ['project', 'dependencies'],
        ['project', 'optional-dependencies'],
        ['dependency-groups'],
        ['tool', 'poetry', 'dependencies'],
      ]),
  },
  { file: /^setup\.(?:py|cfg)$/, locks: PYTHON_LOCKS, namesDependencies: (text) => text.includes('install_requires') },
  { file: /^Pipfile$/, locks: ['Pipfile.lock'], namesDependencies: (text) => hasEntries(toml(text), [['packages']]) },
  {
    file: /^Cargo\.toml$/,
    locks: ['Cargo.lock'],
    namesDependencies: (text) =>
      hasEntries(toml(text), [
        ['dependencies'],
        ['dev-dependencies'],
        ['build-dependencies'],
        ['workspace', 'dependencies'],
      ]),
  },
  { file: /^Gemfile$/, locks: ['Gemfile.lock'], namesDependencies: (text) => /^\s*gem[\s(]/m.test(text) },
  {
    file: /^composer\.json$/,
    locks: ['composer.lock'],
    namesDependencies: (text) => hasEntries(parseJson(text), [['require'], ['require-dev']]),
  },
  { file: /^mix\.exs$/, locks: ['mix.lock'], namesDependencies: (text) => /\{\s*:\w+\s*,/.test(text) },
  { file: /^pubspec\.yaml$/, locks: ['pubspec.lock'], namesDependencies: (text) => /^dependencies:/m.test(text) },
  {
    file: /^build\.gradle(?:\.kts)?$/,
    locks: ['gradle.lockfile'],
    namesDependencies: (text) => /^\s*dependencies\s*\{/m.test(text),
  },
  { file: /\.(?:cs|fs|vb)proj$/, locks: [], namesDependencies: (text) => text.includes('<PackageReference') },
  { file: /^Package\.swift$/, locks: [], namesDependencies: (text) => text.includes('.package(') },
  { file: /^(?:conanfile\.(?:py|txt)|vcpkg\.json)$/, locks: [], namesDependencies: () => true },
];

export const manifestKind = (name: string): ManifestKind | undefined => KINDS.find(({ file }) => file.test(name));

/** Needed by the manifest, and no package. */
const NO_PACKAGES = new Set(['python', 'php']);
const entries = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** Whether a list or an object at one of the paths has something in it. */
const hasEntries = (document: unknown, paths: readonly (readonly string[])[]): boolean =>
  paths.some((path) => {
    const found = entries.safeParse(path.reduce(valueAt, document));
    return found.success && Object.keys(found.data).some((name) => !NO_PACKAGES.has(name));
  });

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

function toml(text: string): unknown {
  try {
    return parseToml(text);
  } catch {
    return undefined;
  }
}
