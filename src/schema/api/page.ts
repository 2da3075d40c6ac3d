import { z } from 'zod';
import { wholeNumber } from './fields.js';

export const MAX_PAGE = 200;

/** What every list takes: where it goes on, and how much of it. */
export const pageQuery = {
  cursor: z.string().min(1).max(500).optional().describe('`next` of the page before'),
  limit: wholeNumber(1, MAX_PAGE).default(50).describe(`1 to ${MAX_PAGE}`),
};

/** What every list answers. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('Cursor of the next page; null on the last') });
