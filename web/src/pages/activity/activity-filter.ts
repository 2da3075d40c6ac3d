import type { AgentEvent } from '../../api/schemas';

export const EVENT_TYPES = [
  'think',
  'message',
  'read',
  'edit',
  'command',
  'tool',
  'usage',
  'condense',
  'error',
] as const satisfies readonly AgentEvent['type'][];

/** What of an agent's activity is shown; it lives in the address. Nothing of it: everything. */
export interface ActivityFilter {
  /** Types, with commas. */
  readonly types?: string;
  readonly words?: string;
  readonly failed?: true;
}

/** The filter in the parameters of an address. */
export function activityFilterOf(search: Readonly<Record<string, unknown>>): ActivityFilter {
  const { types, words, failed } = search;
  const known = typeof types === 'string' ? typesOf({ types }).join(',') : '';
  return {
    ...(known !== '' && { types: known }),
    ...((typeof words === 'string' || typeof words === 'number') && words !== '' && { words: String(words) }),
    ...((failed === true || failed === 'true') && { failed: true }),
  };
}

export const typesOf = ({ types = '' }: ActivityFilter): readonly AgentEvent['type'][] =>
  EVENT_TYPES.filter((type) => types.split(',').includes(type));

export const isFiltered = ({ types, words, failed }: ActivityFilter): boolean =>
  types !== undefined || words !== undefined || failed === true;

export const hasFailed = (event: AgentEvent): boolean =>
  event.type === 'error' || ('result' in event && event.result?.ok === false);

/** The same as the API's export leaves. */
export function filterEvents<E extends AgentEvent>(events: readonly E[], filter: ActivityFilter): readonly E[] {
  if (!isFiltered(filter)) return events;
  const types = typesOf(filter);
  const words = (filter.words ?? '').toLowerCase().split(/\s+/);
  return events.filter(
    (event) =>
      (types.length === 0 || types.includes(event.type)) &&
      (filter.failed !== true || hasFailed(event)) &&
      (filter.words === undefined || hasAll(textOf(event), words)),
  );
}

const hasAll = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word));

function textOf(event: AgentEvent): string {
  const { at: _at, type: _type, ...rest } = event;
  const texts = Object.entries(rest).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' && key !== 'digest' ? [value] : [],
  );
  const result = 'result' in event ? event.result?.text : undefined;
  return [...texts, result ?? ''].join('\n').toLowerCase();
}

export interface ActivityOf {
  readonly run: number;
  readonly step: string;
  readonly item: number | null;
  /** Left out: of all attempts. */
  readonly attempt?: number;
}

/** Where the API exports it: without a filter, all of it. */
export function exportUrl({ run, step, item, attempt }: ActivityOf, filter: ActivityFilter = {}): string {
  const query = new URLSearchParams({ step });
  if (item !== null) query.set('item', String(item));
  if (attempt !== undefined) query.set('attempt', String(attempt));
  if (filter.types !== undefined) query.set('type', filter.types);
  if (filter.words !== undefined) query.set('q', filter.words);
  if (filter.failed) query.set('failed', 'true');
  return `/api/runs/${run}/activity?${query.toString()}`;
}
