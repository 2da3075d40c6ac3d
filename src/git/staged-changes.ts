import { gitOutput, type GitOptions } from './git.js';

/** A file of an index that differs from a commit. */
export interface StagedChange {
  readonly path: string;
  readonly mode: string;
  /** The blob in the index; 40 zeros where the file is deleted. */
  readonly id: string;
  /** Mode and blob in the commit; null where the commit has no such file. */
  readonly before: { readonly mode: string; readonly id: string } | null;
}

/** The id of no object. */
export const NO_OBJECT = '0'.repeat(40);

/** Compares an index with a commit; the output format `--raw` is described in git-diff-index(1). */
export async function stagedChanges(
  index: Pick<GitOptions, 'gitDir' | 'workTree' | 'env'>,
  commit: string,
): Promise<readonly StagedChange[]> {
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--full-index', commit, '--'];
  const parts = (await gitOutput(args, index)).split('\0');
  const changes: StagedChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [modeBefore = '', mode = '', idBefore = '', id = ''] = parts[at]!.slice(1).split(' ');
    const before = idBefore === NO_OBJECT ? null : { mode: modeBefore, id: idBefore };
    changes.push({ path: parts[at + 1]!, mode, id, before });
  }
  return changes;
}
