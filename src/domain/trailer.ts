/** The trailers that tie a commit to what made it. Values are single lines. */
export const TRAILER = {
  run: 'Baton-Run',
  step: 'Baton-Step',
  /** On each commit of a change that landed by rebasing: the step that landed it. */
  landedBy: 'Baton-Landed-By',
  item: 'Baton-Item',
  attempt: 'Baton-Attempt',
  done: 'Baton-Done',
  task: 'Baton-Task',
  issue: 'Baton-Issue',
  agent: 'Baton-Agent',
  requestedBy: 'Requested-by',
  approvedBy: 'Approved-by',
  coAuthoredBy: 'Co-authored-by',
} as const;
