import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clone } from './clone.js';
import { gitFailed, gitOutput, tryGit } from './git.js';
import { worktreeGit, type Worktree } from './worktree.js';

/**
 * Repositories inside a worktree, relative paths. git would ask them for their state by a process that obeys their
 * configuration, so they are looked for without git: any entry called `.git` below the root. Ignored `node_modules`
 * are not searched, git does not enter them either.
 */
export async function findNestedRepositories(clone: Clone, worktree: Worktree): Promise<string[]> {
  const found = new Set<string>();
  let open = [''];
  while (open.length > 0) {
    const modules: string[] = [];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      for (const entry of await readdir(join(worktree.path, folder), { withFileTypes: true })) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (isGit(entry.name)) {
          if (folder !== '') found.add(folder);
        } else if (entry.isDirectory()) {
          (entry.name === 'node_modules' ? modules : open).push(path);
        }
      }
    }
    open = await notIgnored(clone, worktree, modules);
  }
  for (const path of await embedded(clone, worktree)) found.add(path);
  return [...found].sort();
}

// As git compares it on file systems that ignore case.
const isGit = (name: string): boolean => name.toLowerCase() === '.git';

async function notIgnored(clone: Clone, worktree: Worktree, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const args = ['check-ignore', '-z', '--stdin'];
  const result = await tryGit(args, {
    ...worktreeGit(clone, worktree),
    input: paths.map((path) => `${path}\0`).join(''),
    // check-ignore knows no other pathspecs and refuses the word itself.
    env: { GIT_LITERAL_PATHSPECS: '0' },
  });
  if (result.exitCode !== 0 && result.exitCode !== 1) throw gitFailed(args, result);
  const ignored = new Set(result.stdout.split('\0'));
  return paths.filter((path) => !ignored.has(path));
}

// A submodule of the repository itself that somebody filled, wherever it lies.
async function embedded(clone: Clone, worktree: Worktree): Promise<string[]> {
  const entries = await gitOutput(['ls-files', '-s', '-z'], worktreeGit(clone, worktree));
  return entries
    .split('\0')
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1))
    .filter((path) => existsSync(join(worktree.path, path, '.git')));
}
