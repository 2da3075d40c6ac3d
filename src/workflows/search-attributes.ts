import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { SEARCH_ATTRIBUTES, searchAttributesOf } from '../domain/search-attributes.js';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

export const STATUS_ATTRIBUTE = keyword(SEARCH_ATTRIBUTES.status);

/** The attributes that a run starts with. */
export const runAttributes = (input: Parameters<typeof searchAttributesOf>[0]): TypedSearchAttributes =>
  new TypedSearchAttributes(searchAttributesOf(input).map(([name, value]) => ({ key: keyword(name), value })));
