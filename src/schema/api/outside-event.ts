import { z } from 'zod';
import type { JsonObject } from '../../domain/json.js';
import { isOutsideEvent, OUTSIDE_SUBJECTS } from '../../domain/outside-event.js';
import { json, project, uuid } from './fields.js';
import { named } from './named.js';

const subjects = OUTSIDE_SUBJECTS.join(', ');

/** What other systems send. */
export const outsideEvent = named(
  'OutsideEvent',
  z.strictObject({
    id: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'use 1 to 200 visible ASCII characters')
      .describe('Made by the sender: the same id is the same event, taken once'),
    type: z
      .string()
      .max(200)
      .refine(isOutsideEvent, `use one of ${subjects}, where * is one word of letters, digits, - and _`)
      .describe(`One of ${subjects}`),
    project,
    repository: z.string().max(200).optional().describe('What it is about; left out: as the payload says'),
    payload: z
      .record(z.string(), json)
      .default({})
      .transform((payload) => payload as JsonObject)
      .describe('What filters look at, and what runs know as `context`'),
  }),
);

export const takenEvent = named(
  'TakenEvent',
  z.object({
    id: z.string(),
    type: z.string(),
    duplicate: z.boolean().describe('Whether it was taken before'),
    runs: z.array(z.object({ id: uuid, number: z.int(), pipeline: z.string() })).describe('What it started'),
  }),
);
