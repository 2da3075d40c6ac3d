import type { FileChange, FileKind } from '../domain/permissions.js';
import type { Clone } from './clone.js';
import { PLAIN_DIFF } from './diff.js';
import { gitOutput } from './git.js';
import { remembered } from './remembered.js';

const KINDS: Readonly<Record<string, FileKind | null>> = { '120000': 'link', '160000': 'submodule', '000000': null };
/** A change with more links than any that is meant: those after them stand for links to nowhere. */
const MAX_LINKS = 200;

/** What became of each path between two commits: what kind of thing stood and stands there, and where a link points. */
export async function fileChanges(clone: Clone, from: string, to: string): Promise<FileChange[]> {
  const { gitDir } = clone;
  const args = ['diff-tree', '-r', ...PLAIN_DIFF, '--no-renames', '-z', '--raw', from, to, '--'];
  const text = await remembered(clone, 'file changes', [from, to], () => gitOutput(args, { gitDir }));
  const parts = text.split('\0');
  const changes: FileChange[] = [];
  let links = 0;
  for (let index = 0; parts[index]?.startsWith(':'); index += 2) {
    const [before = '', after = '', , id = ''] = parts[index]!.slice(1).split(' ');
    const kind = kindOf(after);
    let target: string | null = null;
    if (kind === 'link') {
      links += 1;
      target = links > MAX_LINKS ? '' : await gitOutput(['cat-file', 'blob', id], { gitDir });
    }
    changes.push({ path: parts[index + 1] ?? '', before: kindOf(before), after: kind, target });
  }
  return changes;
}

const kindOf = (mode: string): FileKind | null => (mode in KINDS ? KINDS[mode]! : 'file');
