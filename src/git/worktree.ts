import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { removeTree } from '../sandbox/remove-tree.js';
import { resolveCommit, type Clone } from './clone.js';
import { git, type GitOptions } from './git.js';
import { exclusively } from './keyed-mutex.js';

// Files are written side by side: most of a checkout is waiting for the file system (measured, 10,000 files: 0.5 to 3 s
// where one after the other takes 5 to 9 s, on a disk on which many were deleted shortly before).
const SIDE_BY_SIDE = ['-c', 'checkout.workers=8'];

/** A detached worktree of a clone. Its name is its identity, on disk too. */
export interface Worktree {
  readonly name: string;
  readonly path: string;
}

export interface AddWorktreeOptions {
  readonly name: string;
  readonly path: string;
  readonly commit: string;
  /** Removes what a crashed attempt left under the same name or path; without it that is an error. */
  readonly replace?: boolean;
}

/**
 * Checks a commit out, detached, into `path`. The administrative folder is written as gitrepository-layout(5) has it,
 * since `git worktree add` lets nobody choose the name.
 *
 * @throws BatonError `worktree-exists`, `unknown-commit`.
 */
export async function addWorktree(
  clone: Clone,
  { name, path, commit, replace }: AddWorktreeOptions,
): Promise<Worktree> {
  const worktree = { name: checkedName(name), path };
  if ((await resolveCommit(clone, commit)) !== commit) {
    throw new BatonError('unknown-commit', `${commit} is not a commit of ${clone.gitDir}: fetch first.`, {
      details: { commit },
    });
  }
  await exclusively(clone.gitDir, async () => {
    if (existsSync(adminDir(clone, worktree)) || existsSync(path)) {
      if (!replace) throw alreadyThere(worktree);
      await remove(clone, worktree);
    }
    await register(clone, worktree, commit);
  });
  await git([...SIDE_BY_SIDE, 'reset', '--quiet', '--hard', commit], worktreeGit(clone, worktree));
  return worktree;
}

/** Removes a worktree with all that is in it, whatever an agent made of its `.git`. Nothing there: nothing to do. */
export async function removeWorktree(clone: Clone, worktree: Worktree): Promise<void> {
  checkedName(worktree.name);
  await exclusively(clone.gitDir, () => remove(clone, worktree));
}

/** Has a detached worktree stand on another commit; its index and files stay as they are. */
export async function standOn(clone: Clone, worktree: Worktree, commit: string): Promise<void> {
  const head = join(adminDir(clone, worktree), 'HEAD');
  // As gitrepository-layout(5) has it; whole or not at all, also where the power goes.
  await writeFile(`${head}.new`, `${commit}\n`, { flush: true });
  await rename(`${head}.new`, head);
}

/** The worktrees that the clone knows, also those whose folder is gone. */
export async function listWorktrees(clone: Clone): Promise<Worktree[]> {
  const names = await readdir(join(clone.gitDir, 'worktrees')).catch(() => []);
  const worktrees = await Promise.all(names.sort().map((name) => readRegistration(clone, name)));
  return worktrees.filter((worktree) => worktree !== null);
}

/** How Baton's git speaks to a worktree: by its own folder and the path, never by `<path>/.git`. */
export function worktreeGit(
  clone: Clone,
  worktree: Worktree,
): Pick<GitOptions, 'gitDir' | 'workTree' | 'excludesFile'> {
  return {
    gitDir: adminDir(clone, worktree),
    workTree: worktree.path,
    excludesFile: excludesFile(clone, worktree),
  };
}

/** The patterns of what git leaves out of a worktree, beside those of the repository; Baton's own file, out of the agent's reach. */
export const excludesFile = (clone: Clone, worktree: Pick<Worktree, 'name'>): string =>
  join(adminDir(clone, worktree), 'excluded');

export const adminDir = (clone: Clone, { name }: Pick<Worktree, 'name'>): string =>
  join(clone.gitDir, 'worktrees', name);

async function register(clone: Clone, worktree: Worktree, commit: string): Promise<void> {
  const admin = adminDir(clone, worktree);
  const temporary = join(clone.gitDir, `worktree-being-made-${worktree.name}`);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await writeFile(join(temporary, 'gitdir'), `${worktree.path}/.git\n`);
  await writeFile(join(temporary, 'commondir'), '../..\n');
  await writeFile(join(temporary, 'HEAD'), `${commit}\n`);
  await mkdir(dirname(admin), { recursive: true });
  await rename(temporary, admin);
  await mkdir(worktree.path, { recursive: true });
  await writeFile(join(worktree.path, '.git'), `gitdir: ${admin}\n`);
}

// The folder first: a crash in between leaves a registration, which reconciliation sees.
async function remove(clone: Clone, worktree: Worktree): Promise<void> {
  await removeTree(worktree.path);
  await rm(adminDir(clone, worktree), { recursive: true, force: true });
}

async function readRegistration(clone: Clone, name: string): Promise<Worktree | null> {
  try {
    const gitFile = await readFile(join(adminDir(clone, { name }), 'gitdir'), 'utf8');
    return { name, path: dirname(gitFile.trimEnd()) };
  } catch {
    return null;
  }
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(name)) return name;
  throw new BatonError('bad-worktree-name', `"${name}" cannot name a worktree: use letters, digits, . _ -.`, {
    details: { name },
  });
}

const alreadyThere = (worktree: Worktree) =>
  new BatonError(
    'worktree-exists',
    `A worktree ${worktree.name} or the folder ${worktree.path} is there already: remove it, or replace it.`,
    { details: { ...worktree } },
  );
