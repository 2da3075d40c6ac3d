import type { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';

/** An agent's entry as its adapter takes it. Throws `agent-entry-invalid` with the JSON pointer of the first fault. */
export function parseEntry<T>(schema: z.ZodType<T>, entry: JsonObject, adapter: string): T {
  const parsed = schema.safeParse(entry);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BatonError(
    'agent-entry-invalid',
    `The agent's entry is not one of the adapter ${adapter}, at /${issue!.path.join('/')}: ${issue!.message}`,
  );
}
