import type { Clone } from './clone.js';
import { gitFailed, gitOutput, tryGit } from './git.js';
import { remembered } from './remembered.js';

/** Flags that keep programs of the user's or the repository's configuration out. */
export const PLAIN_DIFF = ['--no-ext-diff', '--no-textconv', '--no-color'] as const;

export interface ChangedFile {
  readonly path: string;
  /** A rename is a deletion and an addition. */
  readonly status: 'added' | 'modified' | 'deleted' | 'type-changed';
  /** Lines; null for binary files. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** The change between two commits as unified text, cut and marked after `maxBytes`. */
export async function diff({ gitDir }: Clone, from: string, to: string, maxBytes: number): Promise<string> {
  const args = ['diff', ...PLAIN_DIFF, '--find-renames', from, to, '--'];
  const result = await tryGit(args, { gitDir, maxOutputBytes: maxBytes });
  if (result.exitCode !== 0) throw gitFailed(args, result);
  return result.stdout;
}

/** The paths of all files that differ between two commits or trees. */
export async function changedPaths(clone: Pick<Clone, 'gitDir'>, from: string, to: string): Promise<string[]> {
  const args = ['diff-tree', '-r', '-z', '--name-only', from, to];
  const names = await remembered(clone, 'changed paths', [from, to], () => gitOutput(args, { gitDir: clone.gitDir }));
  return names.split('\0').filter((name) => name !== '');
}

/** What became of each of them, and how many lines. */
export async function changedFiles(clone: Clone, from: string, to: string): Promise<ChangedFile[]> {
  const { entries, rest } = await rawDiff(clone, from, to);
  const status = new Map(entries.map(({ path, letter }) => [path, STATUS[letter] ?? 'modified']));
  return rest.map((line) => {
    const [added = '-', removed = '-', path = ''] = /^(\S+)\t(\S+)\t(.*)$/s.exec(line)?.slice(1) ?? [];
    return { path, status: status.get(path) ?? 'modified', added: count(added), removed: count(removed) };
  });
}

const STATUS: Readonly<Record<string, ChangedFile['status']>> = { A: 'added', D: 'deleted', T: 'type-changed' };

/** A path that differs, as `git diff-tree --raw` tells it: modes, id of what stands there now, and a letter of what became of it. */
export interface RawChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly id: string;
  readonly letter: string;
}

/** Asked once for all who want to know. `rest`: a line for each path with its numbers of lines. */
export async function rawDiff({ gitDir }: Clone, from: string, to: string) {
  const args = ['diff-tree', '-r', ...PLAIN_DIFF, '--no-renames', '-z', '--raw', '--numstat', from, to, '--'];
  const text = await remembered({ gitDir }, 'raw diff', [from, to], () => gitOutput(args, { gitDir }));
  const parts = text.split('\0');
  const entries: RawChange[] = [];
  for (let index = 0; parts[index]?.startsWith(':'); index += 2) {
    const [before = '', after = '', , id = '', letter = ''] = parts[index]!.slice(1).split(' ');
    entries.push({ path: parts[index + 1] ?? '', before, after, id, letter });
  }
  return { entries, rest: parts.slice(2 * entries.length, -1) };
}

const count = (text: string): number | null => (text === '-' ? null : Number(text));
