/** What a worktree is made ready for: an agent's work, or the gates on a commit. */
export type SetUpPurpose = 'agent' | 'gates';

export const SET_UP_STATUSES = ['running', 'succeeded', 'cached', 'failed', 'cancelled'] as const;
/** `cached`: the result of an earlier set-up was taken over. */
export type SetUpStatus = (typeof SET_UP_STATUSES)[number];
