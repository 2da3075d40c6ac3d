import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

/**
 * Removes a repository once `record` is done; where that fails it stays. The folder is moved first, so that a crash in
 * between never leaves a folder that the next import of the name would take for its own.
 */
export async function removeBareRepository(path: string, record: () => Promise<void>): Promise<void> {
  const aside = `${path}.removed-${randomUUID()}`;
  const isThere = await rename(path, aside).then(() => true, ignoreMissing);
  try {
    await record();
  } catch (error) {
    if (isThere) await rename(aside, path);
    throw error;
  }
  await removeTree(aside);
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
