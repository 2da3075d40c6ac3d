import type { Clone } from './clone.js';
import { mergeTrees } from './merge-trees.js';
import type { Landing } from './landing.js';
import { writeCommit, type CommitFacts } from './write-commit.js';

/** A merge commit of `head` into `onto`, also where `onto` has not moved. Not pushed, no ref is moved. */
export async function mergeCommit(
  clone: Clone,
  { onto, head, ...facts }: CommitFacts & { readonly onto: string; readonly head: string },
): Promise<Landing> {
  const merge = await mergeTrees(clone, onto, head);
  if (merge.kind === 'conflict') return merge;
  return { kind: 'merged', commit: await writeCommit(clone, merge.tree, [onto, head], facts), tree: merge.tree };
}
