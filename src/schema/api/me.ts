import { z } from 'zod';
import { uuid } from './fields.js';
import { named } from './named.js';

export const me = named(
  'Me',
  z.object({
    id: uuid,
    handle: z.string(),
    name: z.string(),
    role: z.enum(['admin', 'author', 'reviewer', 'reader']),
    organisation: z.object({ id: uuid, name: z.string() }),
    projects: z.array(z.object({ id: uuid, name: z.string(), roles: z.array(z.string()) })),
    session: z.enum(['key', 'session']),
  }),
);
