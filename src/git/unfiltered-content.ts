import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { tellPaths } from '../domain/permissions.js';
import { Blobs } from './blobs.js';
import { git, gitOutput, type GitOptions } from './git.js';
import { isLfsPointer } from './lfs-pointer.js';
import { stagedChanges, type StagedChange } from './staged-changes.js';
import { LFS } from './tree-content.js';

type Index = Pick<GitOptions, 'gitDir' | 'workTree' | 'env'>;

export const UNFILTERED_CONTENT = 'unfiltered-content';

/**
 * Refuses new content of files whose attribute `filter` is set. Baton runs no filter, so the content would land as it
 * is: whole in place of a Git LFS pointer, or in plain text where a filter encrypts. Files may be deleted and renamed.
 * The attributes of the parent count as well as those of the change.
 *
 * @throws BatonError `unfiltered-content`.
 */
export async function refuseUnfilteredContent(index: Index, parent: string): Promise<void> {
  const changes = await stagedChanges(index, parent);
  const known = new Set(changes.map(({ before }) => before?.id));
  const written = changes.filter(({ id, mode }) => FILE_MODES.includes(mode) && !known.has(id));
  const filters = await filtersOf(index, written);
  if (changes.some(({ path }) => path === ATTRIBUTES || path.endsWith(`/${ATTRIBUTES}`)))
    for (const [path, filter] of await filtersAt(index, parent, written)) filters.set(path, filter);
  const filtered = written.filter(({ path }) => filters.has(path));
  const refused = await withoutKeptWhole(index, filtered, filters);
  if (refused.length === 0) return;
  const names = [...new Set(refused.map(({ path }) => filters.get(path)!))];
  const paths = refused.map(({ path }) => path);
  throw new BatonError(
    UNFILTERED_CONTENT,
    `.gitattributes sets filter=${names.join(' and filter=')} for ${tellPaths(paths)}, and Baton runs no Git filter: ` +
      'new content cannot be stored there. Restore these files with git checkout HEAD -- PATH, or delete those that are ' +
      'new; people have to change them.',
    { details: { paths: paths.slice(0, 20), filters: names } },
  );
}

const FILE_MODES: readonly string[] = ['100644', '100755'];
const ATTRIBUTES = '.gitattributes';

/** The filter of each file that has one, by the `.gitattributes` files of an index. */
async function filtersOf(index: Index, files: readonly StagedChange[]): Promise<Map<string, string>> {
  if (files.length === 0) return new Map();
  const input = files.map(({ path }) => `${path}\0`).join('');
  const args = ['check-attr', '--cached', '-z', '--stdin', 'filter'];
  const parts = (await gitOutput(args, { ...index, input })).split('\0');
  const filters = new Map<string, string>();
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const value = parts[at + 2]!;
    if (!NO_FILTER.includes(value)) filters.set(parts[at]!, value);
  }
  return filters;
}

/** The values that name no driver: see gitattributes(5). */
const NO_FILTER: readonly string[] = ['unspecified', 'unset', 'set', ''];

async function filtersAt(index: Index, commit: string, files: readonly StagedChange[]): Promise<Map<string, string>> {
  const file = join(index.gitDir, 'attributes.index');
  const other = { ...index, env: { ...index.env, GIT_INDEX_FILE: file } };
  try {
    await git(['read-tree', commit], other);
    return await filtersOf(other, files);
  } finally {
    await rm(file, { force: true });
  }
}

/** Without files that the parent keeps whole although Git LFS is set for them: their content stays what it was, a file. */
async function withoutKeptWhole(
  index: Index,
  files: readonly StagedChange[],
  filters: ReadonlyMap<string, string>,
): Promise<readonly StagedChange[]> {
  const before = files.flatMap(({ path, before: old }) => (old && filters.get(path) === LFS ? [old.id] : []));
  if (before.length === 0) return files;
  const pointers = new Blobs(isLfsPointer);
  const input = [...new Set(before)].map((id) => `${id}\n`).join('');
  await git(['cat-file', '--batch'], { ...index, input, onOutput: (chunk) => pointers.push(chunk) });
  return files.filter(
    ({ path, before: old }) => old === null || filters.get(path) !== LFS || pointers.found.has(old.id),
  );
}
