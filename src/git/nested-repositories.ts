import { isUtf8 } from 'node:buffer';
import { existsSync, type Dirent } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clone } from './clone.js';
import { gitFailed, gitOutput, tryGit } from './git.js';
import { worktreeGit, type Worktree } from './worktree.js';

const SLASH = Buffer.from('/');

/**
 * Repositories inside a worktree, relative paths. git would ask them for their state by a process that obeys their
 * configuration, so they are looked for without git: any entry called `.git` below the root. What is ignored is not
 * searched (dependencies, caches, environments), git does not enter it either.
 */
export async function findNestedRepositories(clone: Clone, worktree: Worktree): Promise<string[]> {
  const submodules = await submodulesOf(clone, worktree);
  // A submodule of the repository itself that somebody filled, wherever it lies.
  const found = new Set(submodules.filter((path) => existsSync(join(worktree.path, path, '.git'))));
  let level: Buffer[] = [Buffer.alloc(0)];
  while (level.length > 0) {
    const below: Buffer[] = [];
    for (const folder of level) {
      for (const entry of await entriesOf(Buffer.concat([Buffer.from(worktree.path), SLASH, folder]))) {
        const path = folder.length === 0 ? entry.name : Buffer.concat([folder, SLASH, entry.name]);
        if (isGit(entry.name)) {
          if (folder.length > 0) found.add(folder.toString());
        } else if (entry.isDirectory() && !submodules.includes(path.toString())) {
          below.push(path);
        }
      }
    }
    level = await notIgnored(clone, worktree, below);
  }
  return [...found].sort();
}

// As git compares it on file systems that ignore case.
const isGit = (name: Buffer): boolean => name.toString('latin1').toLowerCase() === '.git';

/** Names are bytes: an agent may use any. A folder that it closed is opened, git keeps no modes of folders. */
async function entriesOf(folder: Buffer): Promise<Dirent<Buffer>[]> {
  const read = () => readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await chmod(folder, 0o755);
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

async function submodulesOf(clone: Clone, worktree: Worktree): Promise<string[]> {
  const entries = await gitOutput(['ls-files', '-s', '-z'], worktreeGit(clone, worktree));
  return entries
    .split('\0')
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1));
}
