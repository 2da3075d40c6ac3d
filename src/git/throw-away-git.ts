import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadOnlyBind } from '../sandbox/policy.js';
import type { Clone } from './clone.js';
import { adminDir, type Worktree } from './worktree.js';

/** Where the clone's objects lie inside a sandbox. */
export const OBJECTS_INSIDE = '/opt/git/objects';

/** A branch as the agent finds it, both as a branch of its own and as `origin`'s. */
export interface VisibleBranch {
  readonly name: string;
  readonly commit: string;
}

export interface ThrowAwayGitOptions {
  /** Branches to compare with, usually the default branch. */
  readonly branches?: readonly VisibleBranch[];
  /** Patterns of gitignore(5) that hold beside the repository's own. */
  readonly excluded?: readonly string[];
  /** Where the agent sees the clone's objects; the real path where there is no sandbox. */
  readonly objectsPath?: string;
}

// Ownership changes on the way into the sandbox: only size and time tell whether a file was edited.
const CONFIG = `[core]
\trepositoryformatversion = 0
\tbare = false
\tcheckStat = minimal
\ttrustctime = false
[user]
\tname = Agent
\temail = agent@localhost
[gc]
\tauto = 0
`;

/**
 * Gives a worktree a `.git` of its own with which an agent can look and even commit. It knows no remote, reads the
 * clone's objects and can write none of them. Baton never looks at it again.
 *
 * @returns what the sandbox has to bind.
 */
export async function equipWithThrowAwayGit(
  clone: Clone,
  worktree: Worktree,
  { branches = [], excluded = [], objectsPath = OBJECTS_INSIDE }: ThrowAwayGitOptions = {},
): Promise<ReadOnlyBind> {
  const own = join(worktree.path, '.git');
  await rm(own, { recursive: true, force: true });
  await mkdir(join(own, 'refs/heads'), { recursive: true });
  await mkdir(join(own, 'objects/info'), { recursive: true });
  await writeFile(join(own, 'objects/info/alternates'), `${objectsPath}\n`);
  await writeFile(join(own, 'config'), CONFIG);
  await mkdir(join(own, 'info'));
  await writeFile(join(own, 'info/exclude'), excluded.map((pattern) => `${pattern}\n`).join(''));
  await writeFile(join(own, 'packed-refs'), packedRefs(branches));
  await copyFile(join(adminDir(clone, worktree), 'index'), join(own, 'index'));
  await copyFile(join(adminDir(clone, worktree), 'HEAD'), join(own, 'HEAD'));
  return { source: objectsOf(clone), target: OBJECTS_INSIDE };
}

/** As gitrepository-layout(5) has it; names come from the clone's own refs, so they are valid. */
const packedRefs = (branches: readonly VisibleBranch[]): string =>
  branches
    .flatMap(({ name, commit }) => [`${commit} refs/heads/${name}\n`, `${commit} refs/remotes/origin/${name}\n`])
    .join('');

/** The real path of a clone's objects. */
export const objectsOf = (clone: Clone): string => join(clone.gitDir, 'objects');
