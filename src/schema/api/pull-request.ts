import { z } from 'zod';
import { label, line, project, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const PULL_REQUEST_STATES = ['open', 'merged', 'closed'] as const;

export const pullRequest = named(
  'PullRequest',
  z.object({
    id: uuid,
    repository: z.string(),
    number: z.int(),
    title: z.string(),
    body: z.string(),
    head: z.string(),
    base: z.string(),
    state: z.enum(PULL_REQUEST_STATES),
    labels: z.array(z.string()),
    reviewers: z.array(z.string()),
    run: z.int().nullable(),
    mergedCommit: z.string().nullable(),
    reviews: z.array(
      z.object({ author: z.string(), verdict: z.enum(['approve', 'reject', 'comment']), body: z.string(), at: time }),
    ),
    comments: z.array(
      z.object({
        author: z.string(),
        commit: z.string(),
        file: z.string(),
        line: z.int().nullable(),
        body: z.string(),
        at: time,
      }),
    ),
    createdAt: time,
    mergedAt: time.nullable(),
  }),
);
export const pullRequestPage = named('PullRequestPage', page(pullRequest));

export const pullRequestQuery = z.strictObject({
  ...pageQuery,
  project,
  state: z.enum(PULL_REQUEST_STATES).optional(),
});

const branch = line(250);

export const newPullRequest = named(
  'NewPullRequest',
  z.strictObject({
    title: line(300),
    body: z
      .string()
      .max(64 * 1024)
      .default(''),
    head: branch.describe('The branch with the change, pushed already'),
    base: branch.optional().describe('The branch that it is for; left out: the default branch'),
    labels: z.array(label).max(50).default([]),
    reviewers: z.array(line(100)).max(20).default([]),
  }),
);

export const openedPullRequest = named(
  'OpenedPullRequest',
  z.object({ number: z.int(), runs: z.array(z.object({ id: uuid, number: z.int(), pipeline: z.string() })) }),
);
