import { z } from 'zod';
import { secretVariable } from './agent-entry.js';
import { priceProvider } from './price-provider.js';

/** The entry of an agent that is a model behind an address, and only answers. */
export const chatEntry = z.strictObject({
  /** Up to and with `/v1`. */
  baseUrl: z
    .string()
    .refine(
      (url) => URL.canParse(url) && /^https?:\/\/[^/@?#]+[^?#]*$/.test(url),
      'is such as https://api.example.com/v1',
    ),
  model: z.string().min(1).max(200),
  /** Variable of the worker's environment that holds its key; null: it needs none. */
  key: secretVariable.nullable().default(null),
  priceProvider,
  /** Who answers it, for what holds of a provider; null: its host. */
  provider: z.string().min(1).max(60).nullable().default(null),
});

export type ChatEntry = z.infer<typeof chatEntry>;
