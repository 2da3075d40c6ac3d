import type { Repository } from '../db/repositories.js';
import type { JsonObject } from '../domain/json.js';
import { resolveCommit } from '../git/clone.js';
import { changedPaths } from '../git/diff.js';
import { mergeBase } from '../git/merge-base.js';

/** What a branch has that another lacks; hashes are null where there is no such branch, or no common ground. */
export interface BranchChange {
  readonly commit: string | null;
  /** Where the branch left the other. */
  readonly previousCommit: string | null;
  readonly files: readonly string[];
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What a branch of the forge's repository changes since it left `base`. */
export async function changeOfBranch(
  { remoteUrl }: Pick<Repository, 'remoteUrl'>,
  base: string,
  head: string,
): Promise<BranchChange> {
  const clone = { gitDir: remoteUrl, remoteUrl };
  const [from, commit] = [
    await resolveCommit(clone, `refs/heads/${base}`),
    await resolveCommit(clone, `refs/heads/${head}`),
  ];
  if (from === null || commit === null) return { commit, previousCommit: null, files: [] };
  const previousCommit = await mergeBase(clone, from, commit);
  return { commit, previousCommit, files: await filesBetween(remoteUrl, previousCommit, commit) };
}

/** The files that differ between two commits; all of the second where there is no first. */
export const filesBetween = (gitDir: string, from: string | null, to: string): Promise<string[]> =>
  changedPaths({ gitDir }, from ?? EMPTY_TREE, to);

const MAX_FILES = 500;
const MAX_FILE_BYTES = 24 * 1024;

/** As many of the files as an event and a run's context take, and whether that is all. */
export function listedFiles(files: readonly string[]): JsonObject {
  const listed: string[] = [];
  let bytes = 0;
  for (const file of files.slice(0, MAX_FILES)) {
    bytes += Buffer.byteLength(file) + 3;
    if (bytes > MAX_FILE_BYTES) break;
    listed.push(file);
  }
  return { files: listed, fileCount: files.length };
}
