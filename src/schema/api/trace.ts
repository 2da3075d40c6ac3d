import { z } from 'zod';
import { time, uuid } from './fields.js';
import { named } from './named.js';

const pullRequest = z.object({
  run: z.int(),
  repository: z.string(),
  number: z.int(),
  title: z.string(),
  state: z.string(),
  mergedCommit: z.string().nullable(),
});

export const trace = named(
  'Trace',
  z.object({
    commit: z.string().nullable().describe('Null where a run or an issue was asked for'),
    kind: z
      .enum(['step', 'attempt', 'merge', 'run', 'issue'])
      .describe(
        'What was asked for: a step’s commit, an attempt’s that was not taken, the landed change, a run, an issue',
      ),
    repository: z.string().nullable(),
    step: z
      .object({ id: z.string(), name: z.string(), agent: z.string().nullable(), attempt: z.int().nullable() })
      .nullable(),
    run: z
      .object({ id: uuid, number: z.int(), pipeline: z.string(), workflowId: z.string(), status: z.string() })
      .describe('The newest of the runs'),
    runs: z.array(z.object({ id: uuid, number: z.int(), pipeline: z.string(), status: z.string() })),
    task: z.object({ id: uuid, type: z.string(), title: z.string(), status: z.string() }).nullable(),
    issue: z.object({ number: z.int(), title: z.string(), author: z.string(), authorName: z.string() }).nullable(),
    requestedBy: z.object({ handle: z.string(), name: z.string() }),
    approvals: z.array(
      z.object({
        run: z.int(),
        step: z.string(),
        by: z.string(),
        verdict: z.enum(['approve', 'reject']),
        note: z.string().nullable(),
        at: time,
      }),
    ),
    pullRequest: pullRequest.nullable().describe('The newest of the pull requests'),
    pullRequests: z.array(pullRequest),
    commits: z
      .array(z.object({ run: z.int(), commit: z.string(), step: z.string(), agent: z.string().nullable() }))
      .describe('And back: every commit of the runs, in order'),
  }),
);
