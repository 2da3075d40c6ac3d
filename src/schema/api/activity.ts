import { z } from 'zod';
import { line, listPrice, someOf } from './fields.js';
import { named } from './named.js';
import { attemptFilter } from './refusal.js';

const EVENT_TYPES = ['think', 'message', 'read', 'edit', 'command', 'tool', 'usage', 'condense', 'error'] as const;

const digest = z.string().optional();
const result = z.object({ ok: z.boolean(), text: z.string() }).nullable().describe('Null: the program did not say');

/** An event as an attempt keeps it: a line of its `events.ndjson`. */
export const agentEvent = named(
  'AgentEvent',
  z.discriminatedUnion('type', [
    z.object({ at: z.string(), type: z.literal('think'), text: z.string() }),
    z.object({ at: z.string(), type: z.literal('message'), text: z.string() }),
    z.object({ at: z.string(), type: z.literal('read'), what: z.string(), digest }),
    z.object({ at: z.string(), type: z.literal('edit'), path: z.string(), digest, result }),
    z.object({ at: z.string(), type: z.literal('command'), command: z.string(), result }),
    z.object({ at: z.string(), type: z.literal('tool'), tool: z.string(), input: z.string(), result }),
    z.object({
      at: z.string(),
      type: z.literal('usage').describe('Of the whole attempt so far; null is unknown'),
      inputTokens: z.int().nullable(),
      outputTokens: z.int().nullable(),
      costUsd: z.number().nullable(),
      listPrice: listPrice.optional(),
    }),
    z.object({ at: z.string(), type: z.literal('condense').describe('The context was condensed to make room') }),
    z.object({ at: z.string(), type: z.literal('error'), text: z.string() }),
  ]),
);

const place = z.object({ step: z.string(), item: z.int().nullable(), attempt: z.int() });

/** A line of the export. */
export const activityLine = named('ActivityLine', z.intersection(place, agentEvent));

export const activityQuery = z.strictObject({
  ...attemptFilter,
  type: someOf(EVENT_TYPES),
  q: line(200).optional().describe('Words that are all in an event’s texts, in whatever case'),
  failed: z.literal('true').optional().describe('Only what failed, and errors'),
});
