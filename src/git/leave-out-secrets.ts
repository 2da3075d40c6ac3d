import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { Blobs } from './blobs.js';
import type { Clone } from './clone.js';
import { git, gitOutput, type GitOptions } from './git.js';

/** Whether content holds what no commit may hold. */
export type HoldsSecret = (content: Buffer) => boolean;

export const SECRET_IN_CHANGE = 'secret-in-change';

interface Entry {
  readonly id: string;
  readonly path: string;
}

/**
 * Looks at what a worktree's index has that its parent has not, file names too. What holds a secret stands in the index as it
 * does in the parent again, and is taken out of the clone, whose objects other agents can read.
 *
 * @returns the paths of such files.
 */
export async function leaveOutSecrets(
  clone: Clone,
  index: Pick<GitOptions, 'gitDir' | 'workTree'>,
  parent: string,
  holds: HoldsSecret,
): Promise<readonly string[]> {
  const entries = await stagedSince(index, parent);
  if (entries.length === 0) return [];
  const blobs = new Blobs(holds);
  await git(['cat-file', '--batch'], {
    ...index,
    input: [...new Set(entries.map(({ id }) => id))].map((id) => `${id}\n`).join(''),
    onOutput: (chunk) => blobs.push(chunk),
  });
  const found = entries.filter(({ id, path }) => blobs.found.has(id) || holds(Buffer.from(path)));
  if (found.length === 0) return [];
  const paths = found.map(({ path }) => path);
  const named = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  await git(['reset', '--quiet', ...named, parent], { ...index, input: paths.join('\0') });
  for (const { id } of found) if (!(await isCommitted(clone, id))) await rm(looseObject(clone, id), { force: true });
  return paths;
}

/** Of a commit that was to hold them. */
export const secretInChange = (paths: readonly string[]): BatonError =>
  new BatonError(
    SECRET_IN_CHANGE,
    `The change holds a secret of the worker, in ${paths.slice(0, 5).join(', ')}: take it out, and name the variable that holds it instead.`,
    { details: { paths } },
  );

/** Files and links that are new or other than in the parent. */
async function stagedSince(index: Pick<GitOptions, 'gitDir' | 'workTree'>, parent: string): Promise<readonly Entry[]> {
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--diff-filter=AMT', '--full-index', parent];
  const parts = (await gitOutput([...args, '--'], index)).split('\0');
  const entries: Entry[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode = '', , id = ''] = parts[at]!.split(' ');
    if (mode !== SUBMODULE) entries.push({ id, path: parts[at + 1]! });
  }
  return entries;
}

const SUBMODULE = '160000';

/** Of what was there before the clone needs every object. */
const isCommitted = async ({ gitDir }: Clone, id: string): Promise<boolean> =>
  (await git(['log', '--all', '-m', '-1', '--format=%H', `--find-object=${id}`], { gitDir })) !== '';

const looseObject = ({ gitDir }: Clone, id: string): string => join(gitDir, 'objects', id.slice(0, 2), id.slice(2));
