import { randomUUID } from 'node:crypto';
import { rename, writeFile, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { git } from './git.js';
import { removeTree } from '../sandbox/remove-tree.js';
import { makeInPlace } from './make-in-place.js';
import type { CommitIdentity } from '../domain/commit-identity.js';
import { writeCommit } from './write-commit.js';

const IMPORT_MS = 1_800_000;

/** An empty repository that others clone from and push to. There already: left as it is. */
export async function createBareRepository(
  path: string,
  { defaultBranch }: { readonly defaultBranch: string },
): Promise<void> {
  await makeInPlace(path, (gitDir) => initialise(gitDir, defaultBranch));
}

/** A repository with all branches and tags of another one, a folder or a URL. There already: left as it is. */
export async function importFrom(path: string, source: string): Promise<void> {
  await makeInPlace(path, async (gitDir) => {
    await initialise(gitDir, 'main');
    const env = isAbsolute(source) ? { GIT_CONFIG_GLOBAL: await trust(gitDir, source) } : {};
    const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    const options = { gitDir, env, timeoutMs: IMPORT_MS };
    await git(['fetch', '--quiet', '--no-write-fetch-head', '--', source, ...refs], options);
    const [, head] =
      /^ref: (\S+)\tHEAD$/m.exec(await git(['ls-remote', '--symref', '--', source, 'HEAD'], options)) ?? [];
    if (head) await git(['symbolic-ref', 'HEAD', head], { gitDir });
    await rm(join(gitDir, TRUST), { force: true });
  });
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
    await initialise(gitDir, defaultBranch);
    await git(['add', '--all'], { gitDir, workTree: directory });
    const tree = await git(['write-tree'], { gitDir });
    const commit = await writeCommit({ gitDir }, tree, [], { ...facts, trailers: {} });
    await git(['update-ref', `refs/heads/${defaultBranch}`, commit], { gitDir });
    await rm(join(gitDir, 'index'));
  });
}

async function initialise(gitDir: string, defaultBranch: string): Promise<void> {
  await git(['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, gitDir], { gitDir });
}

const TRUST = 'trust.gitconfig';

// A folder that the user names may belong to another uid; git's other end looks only into such a file for permission.
async function trust(gitDir: string, source: string): Promise<string> {
  const file = join(gitDir, TRUST);
  const folder = JSON.stringify(source);
  const inside = JSON.stringify(join(source, '.git'));
  await writeFile(file, `[safe]\n\tdirectory = ${folder}\n\tdirectory = ${inside}\n`);
  return file;
}
