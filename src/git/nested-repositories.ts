import { isUtf8 } from 'node:buffer';
import { existsSync, type Dirent } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clone } from './clone.js';
import { gitFailed, gitOutput, tryGit } from './git.js';
import { worktreeGit, type Worktree } from './worktree.js';

/** How many folders are read at once. */
const AT_ONCE = 256;

/**
 * Repositories inside a worktree, relative paths. git would ask them for their state by a process that obeys their
 * configuration, so they are looked for without git: any entry called `.git` below the root. What is ignored is not
 * searched (dependencies, caches, environments), git does not enter it either.
 */
export async function findNestedRepositories(clone: Clone, worktree: Worktree): Promise<string[]> {
  const { submodules, entered } = await knownOf(clone, worktree);
  // A submodule of the repository itself that somebody filled, wherever it lies.
  const found = new Set([...submodules].filter((path) => existsSync(join(worktree.path, path, '.git'))));
  let level: Folder[] = [Buffer.alloc(0)];
  while (level.length > 0) {
    const below: Folder[] = [];
    for (const { folder, entries } of await read(worktree, level)) {
      if (folder.length > 0 && entries.some(({ name }) => isGit(name))) found.add(folder.toString());
      const folders = entries.filter((entry) => entry.isDirectory() && !isGit(entry.name));
      const paths = folders.map(({ name }) => inside(folder, name));
      below.push(...paths.filter((path) => !submodules.has(path.toString())));
    }
    const isKnown = (path: Folder): boolean => entered.has(path.toString());
    const fresh = await notIgnored(
      clone,
      worktree,
      below.filter((path) => !isKnown(path)),
    );
    level = [...below.filter(isKnown), ...fresh];
    for (const path of fresh) entered.add(path.toString());
  }
  return [...found].sort();
}

/** Relative; names are bytes, an agent may use any. */
type Folder = Buffer;

const SLASH = Buffer.from('/');
const inside = (folder: Folder, name: Buffer): Folder =>
  folder.length === 0 ? name : Buffer.concat([folder, SLASH, name]);

// As git compares it on file systems that ignore case.
const isGit = (name: Buffer): boolean => name.length === 4 && name.toString('latin1').toLowerCase() === '.git';

async function read(worktree: Worktree, folders: readonly Folder[]) {
  const all: { readonly folder: Folder; readonly entries: Dirent<Buffer>[] }[] = [];
  for (let first = 0; first < folders.length; first += AT_ONCE) {
    const some = folders.slice(first, first + AT_ONCE);
    all.push(
      ...(await Promise.all(some.map(async (folder) => ({ folder, entries: await entriesOf(worktree, folder) })))),
    );
  }
  return all;
}

/** A folder that an agent closed is opened, git keeps no modes of folders. */
async function entriesOf(worktree: Worktree, folder: Folder): Promise<Dirent<Buffer>[]> {
  const path = Buffer.concat([Buffer.from(worktree.path), SLASH, folder]);
  const read = () => readdir(path, { withFileTypes: true, encoding: 'buffer' });
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await chmod(path, 0o755);
    return read();
  }
}

/** The folders that git would enter, as far as it can be asked: names that are no text are kept. */
async function notIgnored(clone: Clone, worktree: Worktree, paths: readonly Buffer[]): Promise<Buffer[]> {
  const asked = paths.filter((path) => isUtf8(path));
  if (asked.length === 0) return [...paths];
  const args = ['check-ignore', '--verbose', '--non-matching', '-z', '--stdin'];
  const result = await tryGit(args, {
    ...worktreeGit(clone, worktree),
    // Behind `./` no name begins a pathspec's magic.
    input: asked.map((path) => `./${path.toString()}\0`).join(''),
    // check-ignore knows no other pathspecs and refuses the word itself.
    env: { GIT_LITERAL_PATHSPECS: '0' },
  });
  if (result.exitCode !== 0 && result.exitCode !== 1) throw gitFailed(args, result);
  // Four fields for each path, in their order: file, line, pattern, path. Without a pattern, or with a negative one, it is in.
  const fields = result.stdout.split('\0');
  const ignored = new Set(
    asked.filter((_path, index) => {
      const pattern = fields[index * 4 + 2] ?? '';
      return pattern !== '' && !pattern.startsWith('!');
    }),
  );
  return paths.filter((path) => !ignored.has(path));
}

/** Of a worktree, for as long as it is lent: only Baton's git writes its index, and that takes in no repository. */
interface Known {
  readonly submodules: ReadonlySet<string>;
  /** Folders that git enters: those of files that it knows, and those that were asked for before. */
  readonly entered: Set<string>;
}

const known = new WeakMap<Worktree, Promise<Known>>();

function knownOf(clone: Clone, worktree: Worktree): Promise<Known> {
  const index = known.get(worktree) ?? readIndex(clone, worktree);
  known.set(worktree, index);
  return index.catch((error: unknown) => {
    known.delete(worktree);
    throw error;
  });
}

async function readIndex(clone: Clone, worktree: Worktree): Promise<Known> {
  const entries = await gitOutput(['ls-files', '-s', '-z'], worktreeGit(clone, worktree));
  const submodules = new Set<string>();
  const entered = new Set<string>();
  for (const entry of entries.split('\0')) {
    const path = entry.slice(entry.indexOf('\t') + 1);
    if (entry.startsWith('160000 ')) submodules.add(path);
    // The folders above one that is there already are there too.
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (entered.has(folder)) break;
      entered.add(folder);
    }
  }
  return { submodules, entered };
}
