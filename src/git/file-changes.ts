import type { FileChange, FileKind } from '../domain/permissions.js';
import type { Clone } from './clone.js';
import { rawDiff } from './diff.js';
import { gitOutput } from './git.js';

const KINDS: Readonly<Record<string, FileKind | null>> = { '120000': 'link', '160000': 'submodule', '000000': null };
/** A change with more links than any that is meant: those after them stand for links to nowhere. */
const MAX_LINKS = 200;

/** What became of each path between two commits: what kind of thing stood and stands there, and where a link points. */
export async function fileChanges(clone: Clone, from: string, to: string): Promise<FileChange[]> {
  const { entries } = await rawDiff(clone, from, to);
  const changes: FileChange[] = [];
  let links = 0;
  for (const { path, before, after, id } of entries) {
    const kind = kindOf(after);
    if (kind === 'link') links += 1;
    const target = kind === 'link' ? await targetOf(clone, id, links) : null;
    changes.push({ path, before: kindOf(before), after: kind, target });
  }
  return changes;
}

const targetOf = async ({ gitDir }: Clone, id: string, nth: number): Promise<string> =>
  nth > MAX_LINKS ? '' : gitOutput(['cat-file', 'blob', id], { gitDir });

const kindOf = (mode: string): FileKind | null => (mode in KINDS ? KINDS[mode]! : 'file');
