import { z } from 'zod';
import { label, line, project, time, uuid } from './fields.js';
import { missingForRuns } from './missing-for-runs.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const text = z.string().max(64 * 1024);

export const issue = named(
  'Issue',
  z.object({
    id: uuid,
    repository: z.string(),
    number: z.int(),
    title: z.string(),
    body: z.string(),
    acceptanceCriteria: z.string(),
    labels: z.array(z.string()),
    state: z.enum(['open', 'closed']),
    author: z.string(),
    runs: z
      .array(z.object({ id: uuid, number: z.int(), pipeline: z.string(), status: z.string() }))
      .describe('The newest 20; GET /api/runs?repository=…&issue=… gives all'),
    runCount: z.int(),
    createdAt: time,
  }),
);
export const issuePage = named('IssuePage', page(issue));

export const issueReference = z
  .string()
  .regex(/^(?:[a-z0-9][a-z0-9._-]{0,62})?#\d{1,9}$/, 'use #12, or repository#12 for another repository of the project');

const labels = z.array(label).max(50);

export const newIssue = named(
  'NewIssue',
  z.strictObject({
    title: line(300),
    body: text.default(''),
    acceptanceCriteria: text.default(''),
    labels: labels.default([]).describe('Each starts the active pipelines that it triggers'),
    blockedBy: z
      .array(issueReference)
      .max(50)
      .default([])
      .describe('Issues that its work waits for: `#12`, or `other#12` in another repository of the project'),
  }),
);

const startedRuns = z.array(z.object({ id: uuid, number: z.int(), pipeline: z.string() }));

export const openedIssue = named(
  'OpenedIssue',
  z.object({ id: uuid, number: z.int(), runs: startedRuns, missing: missingForRuns }),
);

export const newLabels = named('NewLabels', z.strictObject({ labels: labels.min(1) }));

export const labelled = named('Labelled', z.object({ number: z.int(), runs: startedRuns, missing: missingForRuns }));

export const unlabelled = named('Unlabelled', z.object({ number: z.int(), labels: z.array(z.string()) }));

export const issueQuery = z.strictObject({
  ...pageQuery,
  project,
  state: z.enum(['open', 'closed']).optional(),
  label: label.optional(),
});

const author = z.object({ kind: z.enum(['person', 'agent', 'system']), id: z.string().nullable(), name: z.string() });

export const issueComment = named('IssueComment', z.object({ id: uuid, author, body: z.string(), createdAt: time }));
export const issueComments = named('IssueComments', z.object({ items: z.array(issueComment) }));

export const newIssueComment = named(
  'NewIssueComment',
  z.strictObject({
    body: text.min(1),
    state: z.enum(['open', 'closed']).optional().describe('What the issue is to be from then on; left out: as it is'),
  }),
);
export const commentedIssue = named('CommentedIssue', z.object({ number: z.int(), state: z.enum(['open', 'closed']) }));
