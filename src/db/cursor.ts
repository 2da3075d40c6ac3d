import { BatonError } from '../domain/errors.js';

/** One page of a list; `next` is the cursor of the page after it, null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Which page is asked for. */
export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PATTERNS = { number: /^\d{1,15}$/, uuid: UUID, position: /^\d{1,20}-\d{1,18}$/ } as const;

export const isUuid = (text: string): boolean => UUID.test(text);

/** The key behind a cursor, null on the first page. Cursors are opaque, and good for their own list only. */
export function decodeCursor(list: string, kind: keyof typeof PATTERNS, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const [of, key = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (of !== list || !PATTERNS[kind].test(key)) {
    throw new BatonError(
      'invalid-cursor',
      'The cursor is not one of this list; take it from `next` of the page before.',
    );
  }
  return key;
}

/** A page from one row more than fits: `rows` are at most `limit + 1`. */
export function pageOf<T>(list: string, rows: readonly T[], limit: number, key: (row: T) => string | number): Page<T> {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : Buffer.from(`${list}:${key(last)}`).toString('base64url') };
}
