import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadOnlyBind } from '../sandbox/policy.js';
import type { Clone } from './clone.js';
import { adminDir, type Worktree } from './worktree.js';

/** Where the clone's objects lie inside a sandbox. */
export const OBJECTS_INSIDE = '/opt/baton/objects';

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
 * @param objectsPath where the clone's objects are seen by the agent; the real path where there is no sandbox.
 * @returns what the sandbox has to bind.
 */
export async function equipWithThrowAwayGit(
  clone: Clone,
  worktree: Worktree,
  objectsPath: string = OBJECTS_INSIDE,
): Promise<ReadOnlyBind> {
  const own = join(worktree.path, '.git');
  await rm(own, { recursive: true, force: true });
  await mkdir(join(own, 'refs/heads'), { recursive: true });
  await mkdir(join(own, 'objects/info'), { recursive: true });
  await writeFile(join(own, 'objects/info/alternates'), `${objectsPath}\n`);
  await writeFile(join(own, 'config'), CONFIG);
  await copyFile(join(adminDir(clone, worktree), 'index'), join(own, 'index'));
  await copyFile(join(adminDir(clone, worktree), 'HEAD'), join(own, 'HEAD'));
  return { source: objectsOf(clone), target: OBJECTS_INSIDE };
}

/** The real path of a clone's objects. */
export const objectsOf = (clone: Clone): string => join(clone.gitDir, 'objects');
