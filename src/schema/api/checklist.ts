import { z } from 'zod';
import { ITEM_STATUSES } from '../../domain/checklist.js';
import { time, uuid } from './fields.js';
import { named } from './named.js';

export const checklistItem = named(
  'ChecklistItem',
  z.object({
    text: z.string(),
    source: z.enum(['required', 'agent']).describe('Of the pipeline or the issue, or of the agent’s own breakdown'),
    status: z.enum(ITEM_STATUSES),
    note: z.string().nullable().describe('What was said of it last'),
    by: z.object({ id: uuid, name: z.string() }).nullable().describe('The agent that marked it last'),
    attempt: z.int().describe('In which it was listed, or marked last'),
    at: time.nullable().describe('When it was marked last'),
  }),
);

const count = { done: z.int(), of: z.int() };

export const progress = named(
  'Progress',
  z.object({
    steps: z.object(count).describe('Steps that have succeeded or were skipped, of all'),
    checklist: z
      .object({ ...count, next: z.string().nullable().describe('The first item that is not done') })
      .nullable()
      .describe('Items of the steps that are at work, wait or have failed; null where these have none'),
  }),
);
