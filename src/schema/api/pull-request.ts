import { z } from 'zod';
import { project, time, uuid } from './fields.js';
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
