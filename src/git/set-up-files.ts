import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asPattern } from '../domain/cache-patterns.js';
import type { Clone } from './clone.js';
import { git, gitOutput } from './git.js';
import { NO_OBJECT, stagedChanges, type StagedChange } from './staged-changes.js';
import { adminDir, excludesFile, worktreeGit, type Worktree } from './worktree.js';

const noteFile = (clone: Clone, worktree: Worktree): string => join(adminDir(clone, worktree), 'set-up.json');

/** Paths that git knows in a worktree. */
export async function trackedPaths(clone: Clone, worktree: Worktree): Promise<readonly string[]> {
  return split(await gitOutput(['ls-files', '-z'], worktreeGit(clone, worktree)));
}

/** From now on git does not take in files of these patterns that it does not know yet. */
export const excludeFromChange = (clone: Clone, worktree: Worktree, patterns: readonly string[]): Promise<void> =>
  writeFile(excludesFile(clone, worktree), patterns.map((pattern) => `${pattern}\n`).join(''));

/**
 * Notes what a set-up left in a worktree, so that it is never taken for the work of an agent: folders that it made are
 * excluded, and files that it made or changed are left out for as long as nobody else changes them. Written beside the
 * worktree's index, so that it holds after a crash as well.
 *
 * @param excluded patterns that are excluded already.
 * @returns all patterns that are excluded now.
 */
export async function noteSetUp(
  clone: Clone,
  worktree: Worktree,
  excluded: readonly string[],
): Promise<readonly string[]> {
  const options = worktreeGit(clone, worktree);
  const patterns = [...excluded, ...(await unknownFolders(clone, worktree))];
  await excludeFromChange(clone, worktree, patterns);
  // In an index of its own: the worktree's has the agent's work only.
  const index = join(adminDir(clone, worktree), 'set-up-index');
  await copyFile(join(adminDir(clone, worktree), 'index'), index);
  const aside = { ...options, env: { GIT_INDEX_FILE: index } };
  await git(['add', '--all'], aside);
  const made = await stagedChanges(aside, 'HEAD');
  await writeFile(noteFile(clone, worktree), JSON.stringify(made));
  return patterns;
}

/** Patterns of the folders in a worktree of which git knows no file and ignores none. */
export async function unknownFolders(clone: Clone, worktree: Worktree): Promise<readonly string[]> {
  const args = ['ls-files', '--others', '--directory', '--exclude-standard', '-z'];
  const others = split(await gitOutput(args, worktreeGit(clone, worktree)));
  return others.filter((path) => path.endsWith('/')).map(asPattern);
}

/** Takes out of the index what the set-up made and nobody has changed since. */
export async function leaveOutSetUp(clone: Clone, worktree: Worktree): Promise<void> {
  const made = await readNote(clone, worktree);
  if (made.length === 0) return;
  const options = worktreeGit(clone, worktree);
  const staged = new Map((await stagedChanges(options, 'HEAD')).map(({ path, id }) => [path, id]));
  const untouched = made.filter(({ path, id }) => staged.get(path) === id);
  if (untouched.length === 0) return;
  await git(['update-index', '-z', '--index-info'], { ...options, input: untouched.map(asBefore).join('') });
}

/** What lies in a worktree and is excluded: files, and folders with a slash at their end. */
export async function excludedHere(clone: Clone, worktree: Worktree): Promise<readonly string[]> {
  const exclude = `--exclude-from=${excludesFile(clone, worktree)}`;
  const args = ['ls-files', '--others', '--ignored', '--directory', exclude, '-z'];
  return split(await gitOutput(args, worktreeGit(clone, worktree)));
}

const asBefore = ({ path, before }: StagedChange): string =>
  before === null ? `0 ${NO_OBJECT}\t${path}\0` : `${before.mode} ${before.id}\t${path}\0`;

async function readNote(clone: Clone, worktree: Worktree): Promise<readonly StagedChange[]> {
  try {
    return JSON.parse(await readFile(noteFile(clone, worktree), 'utf8')) as readonly StagedChange[];
  } catch (error) {
    // There was no set-up.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const split = (list: string): string[] => list.split('\0').filter((entry) => entry !== '');
