/** How a change lands: as one commit, by a merge commit, or commit by commit on top of the base. */
export const MERGE_METHODS = ['squash', 'merge', 'rebase'] as const;
export type MergeMethod = (typeof MERGE_METHODS)[number];
