import { z } from 'zod';
import { time } from './fields.js';
import { named } from './named.js';

export const breaker = named(
  'Breaker',
  z.object({
    kind: z
      .enum(['provider', 'agent'])
      .describe('A key of a provider that takes no more, or an agent that fails again and again'),
    name: z.string().describe('Of the provider, or of the agent'),
    project: z.string().nullable().describe('That the agent is of; null: a key is the organisation’s'),
    fingerprint: z.string().describe('Which key: the first 12 characters of its SHA-256; empty for an agent'),
    state: z.enum(['open', 'half-open']).describe('`half-open`: one is let through, to see whether it goes again'),
    failures: z.int().describe('One after the other, since the last success'),
    reason: z.string().describe('Why it was opened'),
    openedAt: time,
    resetAt: time.describe('Until when no new work begins there, or, while half-open, nobody else’s'),
  }),
);
export const breakerList = named('BreakerList', z.object({ items: z.array(breaker) }));
