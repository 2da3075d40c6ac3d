/** Names of what a run can be found by in Temporal, all keywords. */
export const SEARCH_ATTRIBUTES = {
  run: 'BatonRun',
  repository: 'BatonRepository',
  pipeline: 'BatonPipeline',
  issue: 'BatonIssue',
  status: 'BatonStatus',
  priority: 'BatonPriority',
} as const;
