import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { BatonError } from '../domain/errors.js';
import { git, tryGit } from './git.js';
import { exclusively } from './keyed-mutex.js';
import { writeCommit, type CommitFacts } from './write-commit.js';

export interface FileCommit extends CommitFacts {
  readonly branch: string;
  /** What the branch stands at. */
  readonly parent: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Commits one file to a branch of a bare repository, without a worktree.
 *
 * @throws BatonError `branch-moved` when the branch stands elsewhere by now, `path-occupied` when a file is where the
 *   folder should be.
 */
export async function commitFile(
  gitDir: string,
  { branch, parent, path, text, ...facts }: FileCommit,
): Promise<string> {
  await refuseOccupied(gitDir, parent, dirname(path));
  const blob = await git(['hash-object', '-w', '--stdin'], { gitDir, input: text });
  const folder = await mkdtemp(join(tmpdir(), 'baton-index-'));
  try {
    const options = { gitDir, env: { GIT_INDEX_FILE: join(folder, 'index') } };
    await git(['read-tree', parent], options);
    await git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], options);
    const tree = await git(['write-tree'], options);
    const commit = await writeCommit({ gitDir }, tree, [parent], facts);
    const ref = `refs/heads/${branch}`;
    const moved = await exclusively(gitDir, () => tryGit(['update-ref', ref, commit, parent], { gitDir }));
    if (moved.exitCode === 0) return commit;
    throw new BatonError('branch-moved', `${branch} has moved meanwhile: look at it again, then repeat.`, {
      details: { branch, expected: parent },
      retryable: true,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function refuseOccupied(gitDir: string, commit: string, folder: string): Promise<void> {
  if (folder === '.') return;
  const entry = await git(['ls-tree', commit, '--', folder], { gitDir });
  if (entry === '' || entry.includes(' tree ')) return;
  throw new BatonError('path-occupied', `${folder} is not a folder in the repository: remove it there first.`, {
    details: { folder },
  });
}
