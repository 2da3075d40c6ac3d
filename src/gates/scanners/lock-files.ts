import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { readInside } from '../../sandbox/read-inside.js';

export interface LockFile {
  /** In the repository. */
  readonly path: string;
  readonly text: string;
}

export interface DependencyFiles {
  /** Of npm. */
  readonly npm: readonly LockFile[];
  /** Paths of lock files of others. */
  readonly others: readonly string[];
  /** Packages that name dependencies, and have no lock file that says which versions. */
  readonly unlocked: readonly string[];
}

const NPM = ['package-lock.json', 'npm-shrinkwrap.json'];
const OTHERS = [
  ...[
    'yarn.lock',
    'pnpm-lock.yaml',
    'bun.lock',
    'poetry.lock',
    'uv.lock',
    'pdm.lock',
    'Pipfile.lock',
    'requirements.txt',
  ],
  ...[
    'go.mod',
    'Cargo.lock',
    'pom.xml',
    'gradle.lockfile',
    'Gemfile.lock',
    'composer.lock',
    'mix.lock',
    'pubspec.lock',
  ],
];
const LOCKS_OF_PACKAGE = [...NPM, 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'];
const MAX_BYTES = 64 * 1024 * 1024;

const manifest = z.object({
  dependencies: z.record(z.string(), z.unknown()).default({}),
  devDependencies: z.record(z.string(), z.unknown()).default({}),
});

/** What a checkout says of the versions that it stands on. */
export async function dependencyFiles(root: string): Promise<DependencyFiles> {
  const paths = await filesNamed(root, root, new Set([...NPM, ...OTHERS, 'package.json']));
  const read = async (path: string): Promise<LockFile> => ({
    path,
    text: (await readInside(root, path, MAX_BYTES))?.toString('utf8') ?? '',
  });
  const named = (names: readonly string[]) => paths.filter((path) => names.includes(path.split('/').at(-1)!));
  const locked = new Set(named(LOCKS_OF_PACKAGE).map((path) => dirname(path)));
  const isLocked = (folder: string): boolean => locked.has(folder) || (folder !== '.' && isLocked(dirname(folder)));
  const packages = await Promise.all(named(['package.json']).map(read));
  return {
    npm: await Promise.all(named(NPM).map(read)),
    others: named(OTHERS),
    unlocked: packages
      .filter(({ path, text }) => namesDependencies(text) && !isLocked(dirname(path)))
      .map(({ path }) => path),
  };
}

async function filesNamed(root: string, folder: string, names: ReadonlySet<string>): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      // A link is not followed: it may lead anywhere.
      if (entry.isDirectory() && entry.name !== '.git') return filesNamed(root, path, names);
      return entry.isFile() && names.has(entry.name) ? [relative(root, path)] : [];
    }),
  );
  return found.flat().sort();
}

function namesDependencies(text: string): boolean {
  try {
    const { dependencies, devDependencies } = manifest.parse(JSON.parse(text));
    return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  } catch {
    return false;
  }
}

/** 1-based; null where the text is not in it. */
export function lineOfText(text: string, part: string): number | null {
  const at = text.indexOf(part);
  return at === -1 ? null : text.slice(0, at).split('\n').length;
}
