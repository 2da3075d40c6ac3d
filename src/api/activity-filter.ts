import { isJsonObject } from '../domain/json.js';

export interface ActivityFilter {
  readonly type?: readonly string[] | undefined;
  readonly q?: string | undefined;
  readonly failed?: 'true' | undefined;
}

/** An event as it is kept. */
type Kept = Readonly<Record<string, unknown>>;

/** Whether an event is of a type that is asked for, has all the words in its texts, and, where that is asked, failed. */
export function matchesActivity(event: Kept, { type, q, failed }: ActivityFilter): boolean {
  if (type !== undefined && !type.some((one) => one === event['type'])) return false;
  if (failed === 'true' && !hasFailed(event)) return false;
  if (q === undefined) return true;
  const text = textsOf(event).join('\n').toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const hasFailed = ({ type, result }: Kept): boolean =>
  type === 'error' || (isJsonObject(result) && result['ok'] === false);

const textsOf = ({ at: _at, type: _type, digest: _digest, ...event }: Kept): string[] =>
  Object.values(event).flatMap((value) =>
    typeof value === 'string' ? [value] : isJsonObject(value) ? textsOf(value) : [],
  );
