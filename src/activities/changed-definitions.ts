import { BatonError } from '../domain/errors.js';
import { definesScripts, type Definition } from '../gates/redefined-scripts.js';
import { branchHead } from '../git/clone.js';
import { changedFiles } from '../git/diff.js';
import { mergeBase } from '../git/merge-base.js';
import { readFileAt } from '../git/read-file-at.js';
import type { Checkout } from './workspace.js';

const MAX_BYTES = 1024 * 1024;
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What a change makes of the files that say what a package's scripts are; nothing where it leaves them alone. */
export async function changedDefinitions({ clone, repository }: Checkout, commit: string): Promise<Definition[]> {
  const head = await branchHead(clone, repository.defaultBranch);
  const base = (head && (await mergeBase(clone, head, commit))) ?? EMPTY_TREE;
  const changed = (await changedFiles(clone, base, commit)).map(({ path }) => path).filter(definesScripts);
  if (changed.length === 0) return [];
  const text = (at: string, path: string) => readFileAt(clone, at, path, MAX_BYTES).catch(unreadable);
  const definitions: Definition[] = [];
  for (const path of new Set(['package.json', ...changed]))
    definitions.push({ path, before: await text(base, path), after: await text(commit, path) });
  return definitions;
}

// A link, or as large as no such file is: it says nothing that could be compared.
function unreadable(error: unknown): string {
  if (error instanceof BatonError && ['not-a-regular-file', 'file-too-large'].includes(error.code)) return error.code;
  throw error;
}
