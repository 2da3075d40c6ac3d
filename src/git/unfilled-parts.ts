import { Blobs } from './blobs.js';
import { treeOf, type Clone } from './clone.js';
import { git, gitOutput } from './git.js';
import { isLfsPointer, MAX_POINTER_BYTES } from './lfs-pointer.js';
import { remembered } from './remembered.js';
import { LFS, readTreeContent } from './tree-content.js';

/** What a checkout of a commit does not fill, by path. */
export interface UnfilledParts {
  /** Empty folders. */
  readonly submodules: readonly string[];
  /** Files of Git LFS that hold a pointer in place of their content. */
  readonly pointers: readonly string[];
  /** Patterns of files that a filter would have to write. */
  readonly patterns: readonly string[];
}

/** Finds what a checkout of a commit leaves unfilled. */
export async function unfilledParts(clone: Clone, commit: string): Promise<UnfilledParts> {
  const tree = await treeOf(clone, commit);
  const known = await remembered(clone, 'unfilled-parts', [tree], async () => JSON.stringify(await find(clone, tree)));
  return JSON.parse(known) as UnfilledParts;
}

async function find({ gitDir }: Clone, tree: string): Promise<UnfilledParts> {
  const { submodules, filters } = await readTreeContent(gitDir, tree);
  const patterns = [...new Set(filters.map(({ pattern }) => pattern))];
  const pointers = filters.some(({ filter }) => filter === LFS) ? await findPointers(gitDir, tree) : [];
  return { submodules, pointers, patterns };
}

const ENTRY = /^100\d{3} blob (?<id>[0-9a-f]+) +(?<size>\d+)\t(?<path>.*)$/s;

async function findPointers(gitDir: string, tree: string): Promise<string[]> {
  const entries = (await gitOutput(['ls-tree', '-r', '-l', '-z', tree], { gitDir })).split('\0');
  const small = entries.flatMap((entry): { id: string; path: string }[] => {
    const { id, size, path } = ENTRY.exec(entry)?.groups ?? {};
    return id === undefined || Number(size) > MAX_POINTER_BYTES ? [] : [{ id, path: path! }];
  });
  if (small.length === 0) return [];
  const blobs = new Blobs(isLfsPointer);
  const input = [...new Set(small.map(({ id }) => id))].map((id) => `${id}\n`).join('');
  await git(['cat-file', '--batch'], { gitDir, input, onOutput: (chunk) => blobs.push(chunk) });
  return small.filter(({ id }) => blobs.found.has(id)).map(({ path }) => path);
}
