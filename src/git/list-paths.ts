import type { Clone } from './clone.js';
import { gitFailed, tryGit } from './git.js';

/** Long enough for a hundred thousand paths of ordinary length. */
const MAX_BYTES = 16 * 1024 * 1024;

export interface FileList {
  /** Sorted, with forward slashes; submodules are among them. */
  readonly paths: readonly string[];
  /** Whether there are more. */
  readonly isCut: boolean;
}

/** The files of a commit, at most `maxPaths` of them. */
export async function listPaths({ gitDir }: Clone, commit: string, maxPaths: number): Promise<FileList> {
  const args = ['ls-tree', '-r', '-z', '--name-only', commit];
  const result = await tryGit(args, { gitDir, maxOutputBytes: MAX_BYTES });
  if (result.exitCode !== 0) throw gitFailed(args, result);
  // The last path of output that is cut may be half of one.
  const paths = result.stdout.split('\0').slice(0, -1);
  return { paths: paths.slice(0, maxPaths), isCut: result.stdoutCut || paths.length > maxPaths };
}
