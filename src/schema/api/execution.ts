import { z } from 'zod';
import { time } from './fields.js';
import { named } from './named.js';

export const execution = named(
  'Execution',
  z.object({
    at: time,
    commit: z.string(),
    from: z
      .enum(['branch', 'previous', 'kept'])
      .describe(
        'What that commit is: where the branch stood, what the attempt before left, or what was kept of an attempt that broke off',
      ),
    session: z
      .object({ name: z.string(), step: z.string(), item: z.int().nullable(), attempt: z.int() })
      .nullable()
      .describe('The conversation that the agent was to go on with, and the attempt that had it last; null: none'),
  }),
);

export const confinement = named(
  'Confinement',
  z.object({
    program: z.string().describe('Without its folder'),
    isolation: z.enum(['bubblewrap', 'off']).describe('`off`: nothing held it'),
    workspace: z.enum(['writable', 'read-only']),
    network: z
      .union([z.enum(['none', 'host']), z.array(z.string())])
      .describe('A list: these hosts and no other, by a proxy'),
    tools: z.boolean().describe('Whether it found Baton’s tools there'),
    memoryBytes: z.int(),
    cpus: z.number().nullable().describe('Null: all that are free'),
    processes: z.int(),
    fileBytes: z.int().describe('Of one file'),
    diskBytes: z.int().describe('Of workspace and home together'),
    timeoutMs: z.int(),
  }),
);
