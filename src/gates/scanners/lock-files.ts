import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { readInside } from '../../sandbox/read-inside.js';
import { manifestKind } from './manifests.js';

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
  /** Manifests that name dependencies, and have no lock file that says which versions. */
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
const LOCKS = new Set([...NPM, ...OTHERS]);
const MAX_BYTES = 64 * 1024 * 1024;

/** What a checkout says of the versions that it stands on. */
export async function dependencyFiles(root: string): Promise<DependencyFiles> {
  const paths = await filesNamed(root, root, (name) => LOCKS.has(name) || manifestKind(name) !== undefined);
  const read = async (path: string): Promise<LockFile> => ({
    path,
    text: (await readInside(root, path, MAX_BYTES))?.toString('utf8') ?? '',
  });
  const named = (names: readonly string[]) => paths.filter((path) => names.includes(basename(path)));
  const unlocked: string[] = [];
  for (const path of paths) {
    const kind = manifestKind(basename(path));
    if (!kind || isLocked(paths, dirname(path), kind.locks)) continue;
    if (kind.namesDependencies((await read(path)).text)) unlocked.push(path);
  }
  return { npm: await Promise.all(named(NPM).map(read)), others: named(OTHERS), unlocked };
}

/** Whether one of the lock files is in the folder, or in one above it, as workspaces have it. */
const isLocked = (paths: readonly string[], folder: string, locks: readonly string[]): boolean =>
  locks.some((name) => paths.includes(join(folder, name))) ||
  (folder !== '.' && isLocked(paths, dirname(folder), locks));

async function filesNamed(root: string, folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      // A link is not followed: it may lead anywhere.
      if (entry.isDirectory() && entry.name !== '.git') return filesNamed(root, path, isWanted);
      return entry.isFile() && isWanted(entry.name) ? [relative(root, path)] : [];
    }),
  );
  return found.flat().sort();
}

/** 1-based; null where the text is not in it. */
export function lineOfText(text: string, part: string): number | null {
  const at = text.indexOf(part);
  return at === -1 ? null : text.slice(0, at).split('\n').length;
}
