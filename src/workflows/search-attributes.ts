import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { RunInput } from '../domain/run-input.js';

/** What a run can be found by in Temporal. All must be registered before the first run: an unknown one hangs it. */
export const SEARCH_ATTRIBUTES = {
  run: defineSearchAttributeKey('BatonRun', SearchAttributeType.KEYWORD),
  repository: defineSearchAttributeKey('BatonRepository', SearchAttributeType.KEYWORD),
  pipeline: defineSearchAttributeKey('BatonPipeline', SearchAttributeType.KEYWORD),
  issue: defineSearchAttributeKey('BatonIssue', SearchAttributeType.KEYWORD),
  status: defineSearchAttributeKey('BatonStatus', SearchAttributeType.KEYWORD),
  priority: defineSearchAttributeKey('BatonPriority', SearchAttributeType.KEYWORD),
} as const;

/** The attributes that a run starts with. */
export function runAttributes({ number, pipeline, repository, issue, priority }: Pick<RunInput, 'number' | 'pipeline' | 'repository' | 'issue' | 'priority'>): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: SEARCH_ATTRIBUTES.run, value: String(number) },
    { key: SEARCH_ATTRIBUTES.pipeline, value: pipeline.name },
    { key: SEARCH_ATTRIBUTES.status, value: 'running' },
    { key: SEARCH_ATTRIBUTES.priority, value: priority },
    ...(repository ? [{ key: SEARCH_ATTRIBUTES.repository, value: repository.name }] : []),
    ...(issue ? [{ key: SEARCH_ATTRIBUTES.issue, value: `${issue['number'] as number}` }] : []),
  ]);
}
