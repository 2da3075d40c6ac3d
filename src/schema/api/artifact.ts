import { z } from 'zod';
import { time, uuid, wholeNumber } from './fields.js';
import { named } from './named.js';

export const artifact = named(
  'Artifact',
  z.object({
    id: uuid,
    kind: z.enum(['log', 'output', 'diff', 'report', 'events', 'session', 'context']),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    closed: z.boolean().describe('Whether it is whole; an open one may grow'),
    createdAt: time,
  }),
);

const MAX_TAIL_BYTES = 1024 * 1024;

export const artifactQuery = z.strictObject({
  tail: wholeNumber(1, MAX_TAIL_BYTES).optional().describe('Only the last so many bytes'),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('Only what follows so many bytes'),
});
