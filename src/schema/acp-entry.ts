import { z } from 'zod';
import { codingEntry } from './coding-entry.js';

const homePath = z
  .string()
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\0]{1,500}$/, 'is a path below its home, such as .local/share/opencode');

/** The entry of an agent that speaks the Agent Client Protocol. */
export const acpEntry = codingEntry
  .omit({ model: true, priceProvider: true, signIn: true, trustRepository: true })
  .extend({
    /** Its program on the worker's PATH; `program` says where it lies instead. */
    command: z.string().regex(/^[\w.@+-]{1,100}$/, 'is the name of a program'),
    /** What makes it speak the protocol on its input and output. */
    args: z.array(z.string().max(10_000)).max(50).default([]),
    /** Settings of its own; no secrets: those are `keys`. */
    env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string().max(100_000)).default({}),
    /** Who answers it, for limits and breakers; default: its command. */
    provider: z
      .string()
      .regex(/^[\w.-]{1,100}$/)
      .nullable()
      .default(null),
    /** How it signs in, by the name that it gives of it, where it has to. */
    authMethod: z.string().min(1).max(200).nullable().default(null),
    /** What below its home its sessions are in; without it each attempt begins anew. */
    sessionPaths: z.array(homePath).max(20).default([]),
  });

export type AcpEntry = z.infer<typeof acpEntry>;
