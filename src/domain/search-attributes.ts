import type { RunInput } from './run-input.js';

/** Names of what a run can be found by in Temporal, all keywords. */
export const SEARCH_ATTRIBUTES = {
  run: 'BatonRun',
  repository: 'BatonRepository',
  pipeline: 'BatonPipeline',
  issue: 'BatonIssue',
  status: 'BatonStatus',
  priority: 'BatonPriority',
} as const;

type Searchable = Pick<RunInput, 'number' | 'pipeline' | 'repository' | 'issue' | 'priority'>;

/** What a run starts with, name by name. */
export function searchAttributesOf({
  number,
  pipeline,
  repository,
  issue,
  priority,
}: Searchable): readonly (readonly [string, string])[] {
  return [
    [SEARCH_ATTRIBUTES.run, String(number)],
    [SEARCH_ATTRIBUTES.pipeline, pipeline.name],
    [SEARCH_ATTRIBUTES.status, 'running'],
    [SEARCH_ATTRIBUTES.priority, priority],
    ...(repository ? [[SEARCH_ATTRIBUTES.repository, repository.name] as const] : []),
    ...(issue ? [[SEARCH_ATTRIBUTES.issue, `${issue['number'] as number}`] as const] : []),
  ];
}
