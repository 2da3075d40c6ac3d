import type { z } from 'zod';
import type { ApiClient } from './api-client.js';

interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** The items of a list, page by page, at most `limit`. */
export async function allPages<T>(
  client: ApiClient,
  path: string,
  answer: z.ZodType<Page<T>>,
  limit = Infinity,
): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null && items.length < limit;) {
    const query = new URLSearchParams({
      limit: String(Math.min(200, limit - items.length)),
      ...(cursor === '' ? {} : { cursor }),
    });
    const page: Page<T> = await client.get(`${path}${path.includes('?') ? '&' : '?'}${query.toString()}`, answer);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}
