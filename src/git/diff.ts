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
  const args = ['diff-tree', '-r', ...PLAIN_DIFF, '--no-renames', '-z', '--raw', '--numstat', from, to, '--'];
  const text = await remembered(clone, 'changed files', [from, to], () => gitOutput(args, { gitDir: clone.gitDir }));
  const parts = text.split('\0');
  const status = parseRaw(parts);
  // A line of its own for each of them follows: its numbers and its path.
  return parts.slice(2 * status.size, -1).map((line) => {
    const [added = '-', removed = '-', path = ''] = /^(\S+)\t(\S+)\t(.*)$/s.exec(line)?.slice(1) ?? [];
    return { path, status: status.get(path) ?? 'modified', added: count(added), removed: count(removed) };
  });
}

const STATUS: Readonly<Record<string, ChangedFile['status']>> = { A: 'added', D: 'deleted', T: 'type-changed' };

/** Of each changed file `:<modes and ids> <status>` and its path. */
function parseRaw(parts: readonly string[]): Map<string, ChangedFile['status']> {
  const found = new Map<string, ChangedFile['status']>();
  for (let index = 0; parts[index]?.startsWith(':'); index += 2)
    found.set(parts[index + 1] ?? '', STATUS[parts[index]!.at(-1)!] ?? 'modified');
  return found;
}

const count = (text: string): number | null => (text === '-' ? null : Number(text));
