import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import type { RunInput } from '../domain/run-input.js';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

export const STATUS_ATTRIBUTE = keyword(SEARCH_ATTRIBUTES.status);

/** The attributes that a run starts with. */
export function runAttributes({ number, pipeline, repository, issue, priority }: Pick<RunInput, 'number' | 'pipeline' | 'repository' | 'issue' | 'priority'>): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: keyword(SEARCH_ATTRIBUTES.run), value: String(number) },
    { key: keyword(SEARCH_ATTRIBUTES.pipeline), value: pipeline.name },
    { key: keyword(SEARCH_ATTRIBUTES.status), value: 'running' },
    { key: keyword(SEARCH_ATTRIBUTES.priority), value: priority },
    ...(repository ? [{ key: keyword(SEARCH_ATTRIBUTES.repository), value: repository.name }] : []),
    ...(issue ? [{ key: keyword(SEARCH_ATTRIBUTES.issue), value: `${issue['number'] as number}` }] : []),
  ]);
}
