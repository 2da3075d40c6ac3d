import { z } from 'zod';
import { time, uuid } from './fields.js';
import { named } from './named.js';

export const trace = named(
  'Trace',
  z.object({
    commit: z.string(),
    kind: z
      .enum(['step', 'attempt', 'merge'])
      .describe('What the commit is: a step’s, an attempt’s that was not taken, or the landed change'),
    repository: z.string().nullable(),
    step: z
      .object({ id: z.string(), name: z.string(), agent: z.string().nullable(), attempt: z.int().nullable() })
      .nullable(),
    run: z.object({ id: uuid, number: z.int(), pipeline: z.string(), workflowId: z.string(), status: z.string() }),
    task: z.object({ id: uuid, type: z.string(), title: z.string(), status: z.string() }).nullable(),
    issue: z.object({ number: z.int(), title: z.string(), author: z.string(), authorName: z.string() }).nullable(),
    requestedBy: z.object({ handle: z.string(), name: z.string() }),
    approvals: z.array(
      z.object({
        step: z.string(),
        by: z.string(),
        verdict: z.enum(['approve', 'reject']),
        note: z.string().nullable(),
        at: time,
      }),
    ),
    pullRequest: z
      .object({ number: z.int(), title: z.string(), state: z.string(), mergedCommit: z.string().nullable() })
      .nullable(),
    commits: z
      .array(z.object({ commit: z.string(), step: z.string(), agent: z.string().nullable() }))
      .describe('And back: every commit of the run, in order'),
  }),
);
