import { z } from 'zod';
import { RUN_STATUSES } from '../../domain/run-state.js';
import { line, uuid } from './fields.js';
import { named } from './named.js';
import { runQuery } from './run.js';

/** How many runs one bulk act may touch. */
export const MAX_BULK = 200;

const action = z.enum(['pause', 'resume', 'cancel', 'rerun']);

export const bulkQuery = runQuery
  .omit({ limit: true, cursor: true })
  .extend({ action: action.describe('`rerun`: from the step that a run failed or was cancelled at') });

const refusal = z.object({ code: z.string(), message: z.string() });

export const bulkPreview = named(
  'BulkPreview',
  z.object({
    action,
    runs: z.array(
      z.object({
        id: uuid,
        number: z.int(),
        pipeline: z.string(),
        repository: z.string().nullable(),
        status: z.enum(RUN_STATUSES),
        briefing: z.string(),
        from: z.string().nullable().describe('The step that a rerun begins with'),
        refusal: refusal.nullable().describe('Why it would be left as it is'),
      }),
    ),
    more: z.boolean().describe(`Whether more than ${MAX_BULK} runs fit: only the newest are shown`),
  }),
);

export const bulkAct = named(
  'BulkAct',
  z.strictObject({
    action,
    runs: z.array(uuid).min(1).max(MAX_BULK).describe('Ids of the runs that a preview showed: no others are touched'),
    reason: line(1000).describe('Why; it is kept with each of them'),
  }),
);

export const bulkResult = named(
  'BulkResult',
  z.object({
    action,
    runs: z.array(
      z.object({
        id: uuid,
        outcome: z.enum(['done', 'refused']),
        rerun: z.int().nullable().describe('Number of the run that repeats it'),
        refusal: refusal.nullable(),
      }),
    ),
  }),
);
