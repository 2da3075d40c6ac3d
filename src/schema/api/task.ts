import { z } from 'zod';
import { PRIORITIES, TASK_STATUSES, TASK_TYPES } from '../../domain/task.js';
import { progress } from './checklist.js';
import { json, name, time, uuid } from './fields.js';
import { issueReference } from './issue.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

export const task = named(
  'Task',
  z.object({
    id: uuid,
    type: z.enum(TASK_TYPES),
    priority: z.enum(PRIORITIES),
    status: z.enum(TASK_STATUSES),
    title: z.string(),
    repository: z.string(),
    issue: z.int().nullable().describe('Number of the issue that it came from'),
    branch: z.string().nullable(),
    requiredCapability: z.string().nullable().describe('The action that it was last assigned for'),
    affectedFiles: z.array(z.string()).describe('Files that its commits changed'),
    agent: z.string().nullable(),
    assignedAt: time.nullable(),
    estimatedCompletion: time.nullable(),
    blockedBy: z.array(uuid),
    blocks: z.array(uuid),
    commits: z.array(z.string()),
    pullRequests: z.array(z.int()),
    runs: z.array(z.int()),
    progress: progress.nullable().describe('Of its newest run'),
    instructions: z
      .record(z.string(), json)
      .describe('How it is linted and tested, where that is not the repository’s own way'),
    requestedBy: z.string(),
    createdAt: time,
  }),
);
export const taskPage = named('TaskPage', page(task));

export const newBlockers = named(
  'NewBlockers',
  z.strictObject({
    blockers: z
      .array(z.union([uuid, issueReference]))
      .min(1)
      .max(50)
      .describe('Ids of tasks, or issues: `#12`, or `other#12` in another repository of the project'),
  }),
);

export const taskQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(TASK_STATUSES).optional(),
  priority: z.enum(PRIORITIES).optional(),
  project: name.optional(),
  repository: name.optional(),
});
