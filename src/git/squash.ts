import type { Clone } from './clone.js';
import type { Landing } from './landing.js';
import { mergeTrees } from './merge-trees.js';
import { writeCommit, type CommitFacts } from './write-commit.js';

/** All of a branch's change as one commit on top of `onto`. Not pushed, no ref is moved. */
export async function squashOnto(
  clone: Clone,
  { onto, head, ...facts }: CommitFacts & { readonly onto: string; readonly head: string },
): Promise<Landing> {
  const merge = await mergeTrees(clone, onto, head);
  if (merge.kind === 'conflict') return { kind: 'conflict', files: merge.files };
  return { kind: 'squashed', commit: await writeCommit(clone, merge.tree, [onto], facts), tree: merge.tree };
}
