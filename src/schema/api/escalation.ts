import { z } from 'zod';
import { ESCALATION_CAUSES } from '../../domain/escalation.js';
import { line, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const status = z.enum(['open', 'cleared', 'ended']);

const escalation = named(
  'Escalation',
  z.object({
    id: uuid,
    cause: z.enum(ESCALATION_CAUSES),
    subject: z.string(),
    title: z.string().describe('The subject for people'),
    since: time.describe('When its cause began'),
    run: z.int().nullable().describe('Number of the run that it is of'),
    status: status.describe(
      '`cleared`: its cause is gone; `ended`: every level was reached, and its cause still lasts',
    ),
    levels: z
      .array(z.object({ level: z.int(), at: time, did: z.array(z.string()) }))
      .describe('What was reached, and what was done'),
    closedAt: time.nullable(),
  }),
);
export const escalationPage = named('EscalationPage', page(escalation));
export const escalationQuery = z.strictObject({
  ...pageQuery,
  status: status.optional(),
  run: line(300).optional().describe('Id, number or workflow id of a run'),
});
