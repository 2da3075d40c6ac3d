import { BatonError } from '../domain/errors.js';
import type { Clone } from './clone.js';
import { gitOutput } from './git.js';
import { remembered } from './remembered.js';

/**
 * A text file as a commit has it, null when it has none of that path.
 *
 * @throws BatonError `not-a-regular-file` (folders, links, submodules), `file-too-large`.
 */
export async function readFileAt(clone: Clone, commit: string, path: string, maxBytes: number): Promise<string | null> {
  const { gitDir } = clone;
  const entries = await remembered(clone, `entry ${path}`, [commit], () =>
    gitOutput(['ls-tree', '-z', '--long', commit, '--', path], { gitDir }),
  );
  const entry = entries.split('\0')[0];
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
  return remembered(clone, 'content', [hash], () => gitOutput(['cat-file', 'blob', hash], { gitDir }));
}
