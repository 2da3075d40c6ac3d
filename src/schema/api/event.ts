import { z } from 'zod';
import { EVENT_TYPES } from '../../domain/event.js';
import { json, someOf, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const actor = z.object({ kind: z.enum(['person', 'agent', 'system']), id: z.string().nullable(), name: z.string() });

export const event = named(
  'Event',
  z.object({
    id: z.string().describe('Its place in the stream, for Last-Event-ID'),
    at: time,
    type: z.string(),
    run: uuid.nullable(),
    repository: uuid.nullable(),
    actor,
    briefing: z.string(),
    payload: z.record(z.string(), json),
  }),
);
export type WireEvent = z.infer<typeof event>;
export const eventPage = named('EventPage', page(event));

export const eventQuery = z.strictObject({
  ...pageQuery,
  type: someOf(EVENT_TYPES),
  order: z.enum(['asc', 'desc']).optional().describe('Of the JSON page; a stream is always oldest first'),
});
