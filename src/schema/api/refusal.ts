import { z } from 'zod';
import { json, line, time, wholeNumber } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

/** Narrows to one step of a run, one item of a mapped one, or one attempt. */
export const attemptFilter = {
  step: line(100).optional().describe('Id of a step'),
  item: wholeNumber(0, 99_999).optional().describe('Index of a mapped step’s item'),
  attempt: wholeNumber(1, 99_999).optional(),
};

export const refusalQuery = z.strictObject({ ...pageQuery, ...attemptFilter });

export const refusal = named(
  'Refusal',
  z.object({
    at: time,
    step: z.string(),
    item: z.int().nullable(),
    attempt: z.int(),
    agent: z.string().nullable().describe('Who was refused it; null: nobody’s agent, a gate or a person’s work'),
    kind: z
      .enum(['network', 'limit', 'result', 'permission'])
      .nullable()
      .describe(
        '`result`: nothing that Baton takes was left; `permission`: a rule or a territory. Null: more of them were not kept',
      ),
    what: z.string(),
    details: z.record(z.string(), json).describe('Such as `rule`, `glob`, `from` and `files` of a permission'),
  }),
);
export const refusalPage = named('RefusalPage', page(refusal));
