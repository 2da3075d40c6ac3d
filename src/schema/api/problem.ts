import { z } from 'zod';
import { named } from './named.js';

/** RFC 9457. `code` is stable, for programs; `detail` says what to do. */
export const problem = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON pointer; `?name` stands for a query parameter'),
          message: z.string(),
        }),
      )
      .describe('Everything that is wrong with the request, at once'),
    details: z.record(z.string(), z.unknown()).optional(),
    reference: z.string().optional().describe('Finds the error in the log of the API'),
  }),
);
export type Problem = z.infer<typeof problem>;
