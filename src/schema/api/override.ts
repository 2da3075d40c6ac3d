import { z } from 'zod';
import { RISK_TIERS } from '../../domain/policies.js';
import { json, line, time, uuid } from './fields.js';
import { named } from './named.js';

/** Of one line: it is read in lists, events and the audit trail. */
const reason = line(1000).describe('Why; it is kept, and told to everybody who follows the run');
const step = line(100).describe('Id of the step');

const MAX_OUTPUT = 64 * 1024;
const output = json
  .refine((value) => JSON.stringify(value).length <= MAX_OUTPUT, `must be at most ${MAX_OUTPUT} characters of JSON`)
  .describe('What the step gives to those after it');

export const riskTier = z.enum(RISK_TIERS);

export const newOverride = named(
  'NewOverride',
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('skip'), step, reason }),
    z.strictObject({ kind: z.literal('complete'), step, output: output.default({}), reason }),
    z.strictObject({ kind: z.literal('reassign'), step, agent: line(100).describe('Name of an agent'), reason }),
    z.strictObject({ kind: z.literal('reset'), step, reason }),
    z.strictObject({ kind: z.literal('pause'), reason }),
    z.strictObject({ kind: z.literal('resume'), reason }),
    z.strictObject({ kind: z.literal('cancel'), reason }),
    z.strictObject({ kind: z.literal('risk'), tier: riskTier, reason }),
  ]),
);

export const override = named(
  'Override',
  z.object({
    id: uuid,
    kind: z.enum(['skip', 'complete', 'reassign', 'reset', 'pause', 'resume', 'cancel', 'risk']),
    step: z.object({ id: z.string(), name: z.string() }).nullable(),
    reason: z.string(),
    agent: z.string().nullable().describe('Who a step was reassigned to'),
    tier: z.string().nullable().describe('What the run counts as from then on'),
    by: z.string().describe('Handle'),
    briefing: z.string().describe('One line: who did what, and why'),
    at: time,
    rerun: z.int().nullable().describe('Number of the run that a reset goes on in'),
  }),
);
export const cancellation = named('Cancellation', z.strictObject({ reason }));
export const overrideList = named('OverrideList', z.object({ items: z.array(override) }));
