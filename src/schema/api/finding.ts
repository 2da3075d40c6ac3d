import { z } from 'zod';
import { finding } from './gate.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const runFinding = named(
  'RunFinding',
  finding.extend({
    step: z.string(),
    item: z.int().nullable().describe('Index of a mapped step’s item'),
    attempt: z.int(),
  }),
);

export const runFindingPage = named('RunFindingPage', page(runFinding));
export const runFindingQuery = z.strictObject(pageQuery);
