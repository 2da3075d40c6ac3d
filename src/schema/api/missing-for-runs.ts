import { z } from 'zod';
import { named } from './named.js';

/** What runs need that is missing when they are started. */
export const missingForRuns = z
  .array(
    z.object({
      pipeline: z.string(),
      severity: z
        .enum(['error', 'warning'])
        .describe('`error`: the run fails before it begins; `warning`: it may fail'),
      message: z.string().describe('What is missing, for which steps, and the command that fixes it'),
    }),
  )
  .describe('What the started runs need and is missing: agents, programs, keys, commands of the repository');

export const preconditions = named('Preconditions', z.object({ items: missingForRuns }));

export type MissingForRuns = z.infer<typeof missingForRuns>;
