import { BatonError } from '../domain/errors.js';
import type { Clone } from './clone.js';
import { gitOutput } from './git.js';

/**
 * A text file as a commit has it, null when it has none of that path.
 *
 * @throws BatonError `not-a-regular-file` (folders, links, submodules), `file-too-large`.
 */
export async function readFileAt(
  { gitDir }: Clone,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<string | null> {
  const entry = (await gitOutput(['ls-tree', '-z', '--long', commit, '--', path], { gitDir })).split('\0')[0];
  if (!entry) return null;
  const [, mode, hash = '', size] = /^(\d+) \w+ (\w+) +(\S+)\t/.exec(entry) ?? [];
  if (mode !== '100644' && mode !== '100755') {
    throw new BatonError('not-a-regular-file', `${path} is not a regular file.`, { details: { commit, path, mode } });
  }
  if (Number(size) > maxBytes) {
    throw new BatonError('file-too-large', `${path} is larger than ${maxBytes} bytes: make it smaller.`, {
      details: { commit, path, maxBytes, sizeBytes: Number(size) },
    });
  }
  return gitOutput(['cat-file', 'blob', hash], { gitDir });
}
