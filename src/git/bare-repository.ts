import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { git } from './git.js';
import { removeTree } from '../sandbox/remove-tree.js';
import { makeInPlace } from './make-in-place.js';
import type { CommitIdentity } from '../domain/commit-identity.js';
import { isRefName } from './ref-name.js';
import { writeCommit } from './write-commit.js';

/** An empty repository that others clone from and push to. There already: left as it is. */
export async function createBareRepository(
  path: string,
  { defaultBranch }: { readonly defaultBranch: string },
): Promise<void> {
  if (defaultBranch.startsWith('-') || !isRefName(`refs/heads/${defaultBranch}`))
    throw new BatonError(
      'branch-name-invalid',
      `${defaultBranch} cannot name a branch: see git help check-ref-format.`,
    );
  await makeInPlace(path, (gitDir) => initialiseBare(gitDir, defaultBranch));
}

/** Moves a repository to where nothing is. False where it is not there. */
export async function moveBareRepository(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  return rename(from, to).then(() => true, ignoreMissing);
}

/** The end of the name of a repository that is being deleted. */
const DELETED = '.deleted';

/** Deletes a repository. It is moved first, so that a crash never leaves half of it under its own name. */
export async function deleteBareRepository(path: string): Promise<void> {
  const deleted = `${path}${DELETED}`;
  await rename(path, deleted).catch(ignoreMissing);
  await removeTree(deleted);
}

/** Deletes what a crash left of deletions in a folder. */
export async function finishDeletions(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    ignoreMissing(error);
    return [];
  });
  for (const name of names) if (name.endsWith(DELETED)) await removeTree(join(folder, name));
}

function ignoreMissing(error: unknown): false {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
  throw error;
}

export interface Seed {
  readonly message: string;
  readonly author: CommitIdentity;
  readonly dateMs: number;
  /** Default: `main`. */
  readonly defaultBranch?: string;
}

/** A repository whose first commit is a plain folder, its `.gitignore` respected. There already: left as it is. */
export async function seedFrom(path: string, directory: string, seed: Seed): Promise<void> {
  const { defaultBranch = 'main', ...facts } = seed;
  await makeInPlace(path, async (gitDir) => {
    await initialiseBare(gitDir, defaultBranch);
    await git(['add', '--all'], { gitDir, workTree: directory });
    const tree = await git(['write-tree'], { gitDir });
    const commit = await writeCommit({ gitDir }, tree, [], { ...facts, trailers: {} });
    await git(['update-ref', `refs/heads/${defaultBranch}`, commit], { gitDir });
    await rm(join(gitDir, 'index'));
  });
}

/** Makes an empty bare repository in a folder that is not there. */
export async function initialiseBare(gitDir: string, defaultBranch: string): Promise<void> {
  await git(['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, gitDir], { gitDir });
}
