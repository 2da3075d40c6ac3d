import { z } from 'zod';
import { RUN_STATUSES, STEP_STATUSES } from '../../domain/run-state.js';
import { SET_UP_STATUSES } from '../../domain/set-up.js';
import { artifact } from './artifact.js';
import { approval } from './approval.js';
import { checklistItem, progress } from './checklist.js';
import { confinement, execution } from './execution.js';
import {
  json,
  line,
  listPrice,
  money,
  name,
  project,
  recordedError,
  reportedCost,
  someOf,
  time,
  uuid,
} from './fields.js';
import { finding, gateResult } from './gate.js';
import { missingForRuns } from './missing-for-runs.js';
import { named } from './named.js';
import { override } from './override.js';
import { page, pageQuery } from './page.js';
import { pullRequest } from './pull-request.js';
import { question } from './question.js';

const context = z.record(z.string().max(100), json);

export const newRun = named(
  'NewRun',
  z.strictObject({
    pipeline: name,
    repository: name.optional(),
    issue: z.int().positive().optional().describe('Number of an issue of that repository'),
    context: context.default({}).describe('`{{ context.… }}` of the pipeline; at most 64 KiB'),
    project,
  }),
);

export const runQuery = z.strictObject({
  ...pageQuery,
  status: someOf(RUN_STATUSES),
  project,
  repository: name.optional(),
  pipeline: name.optional(),
  issue: z
    .string()
    .regex(/^\d{1,9}$/, 'use a whole number')
    .transform(Number)
    .optional(),
  q: line(200).optional().describe('Words in the pipeline, repository, issue title or briefing'),
});

export const createdRun = named(
  'CreatedRun',
  z.object({ id: uuid, number: z.int(), url: z.string(), missing: missingForRuns }),
);

const runRef = z.object({ id: uuid, number: z.int(), pipeline: z.string(), status: z.enum(RUN_STATUSES) });

const runFields = {
  id: uuid,
  number: z.int(),
  workflowId: z.string(),
  pipeline: z.object({ name: z.string(), version: z.int() }),
  project: z.string(),
  repository: z.string().nullable(),
  issue: z.object({ number: z.int(), title: z.string() }).nullable(),
  status: z.enum(RUN_STATUSES),
  priority: z.string(),
  paused: z.boolean().describe('Nothing new starts in it; what runs is let finish'),
  /** One line: where it stands. */
  briefing: z.string(),
  progress,
  branch: z.string().nullable(),
  requestedBy: z.object({ id: uuid, handle: z.string(), name: z.string() }),
  error: recordedError.nullable(),
  rerunOf: z.int().nullable().describe('Number of the run that it repeats'),
  parent: z.int().nullable().describe('Number of the run that called it'),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
};

export const run = named('Run', z.object(runFields));
export const runPage = named('RunPage', page(run));

const cost = z.object({
  usd: money,
  listPriceUsd: z.number().describe('The part of it that Baton computed from list prices'),
  isMinimum: z.boolean().describe('Whether a list price of it is a minimum'),
  unknownAttempts: z.int().describe('Attempts whose cost is not known'),
});

export const attempt = named(
  'Attempt',
  z.object({
    attempt: z.int(),
    agent: z.object({ id: uuid, name: z.string() }).nullable(),
    status: z.enum(['running', 'asked', 'limited', 'succeeded', 'failed', 'cancelled']),
    base: z.string().nullable(),
    commit: z.string().nullable(),
    summary: z.string(),
    network: z.enum(['none', 'host']).describe('Of its set-up'),
    session: z.string().nullable().describe('What its program finds its conversation by'),
    executions: z.array(execution).describe('What it began with; again where its worker died'),
    confinements: z.array(confinement).describe('What its programs were held to'),
    resumeAt: time.nullable().describe('When it may go on, where its provider took no more'),
    tokensIn: z.int().nullable(),
    tokensOut: z.int().nullable(),
    costUsd: reportedCost,
    listPrice: listPrice.nullable(),
    error: recordedError.nullable(),
    startedAt: time,
    endedAt: time.nullable(),
    gates: z.array(gateResult),
    findings: z.array(finding),
    artifacts: z.array(artifact),
  }),
);

export const setUp = named(
  'SetUp',
  z.object({
    attempt: z.int(),
    purpose: z.enum(['agent', 'gates']).describe('What the worktree is made ready for'),
    commit: z.string(),
    command: z.string(),
    network: z.enum(['none', 'host']),
    status: z.enum(SET_UP_STATUSES).describe('`cached`: the result of an earlier set-up was taken over'),
    error: z.string().nullable(),
    log: uuid.nullable().describe('The artifact with what the command prints, live; null: it did not run'),
    startedAt: time,
    endedAt: time.nullable(),
  }),
);

export const step = named(
  'Step',
  z.object({
    id: z.string(),
    item: z.int().nullable().describe('Index of a mapped step’s item'),
    name: z.string(),
    kind: z.string(),
    status: z.enum(STEP_STATUSES),
    input: json,
    output: json,
    error: recordedError.nullable(),
    commit: z.string().nullable(),
    cost,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    attempts: z.array(attempt),
    setUps: z.array(setUp).describe('How its worktrees were made ready, oldest first'),
    artifacts: z.array(artifact),
    approval: approval.nullable(),
    checklist: z.array(checklistItem).describe('What is to do in it, in order'),
    usualSeconds: z
      .int()
      .nullable()
      .describe('How long it usually takes: the median of the newest times; null where there are too few'),
    questions: z.array(question).describe('What it asked of people, oldest first'),
  }),
);

const coverage = z.object({
  repositories: z.int().describe('Repositories that the scans of the run were asked to look at'),
  gaps: z
    .array(z.object({ repository: z.string(), scan: z.string(), why: z.string(), fix: z.string() }))
    .describe('What they could not look at: nothing found there says nothing'),
});

const graphNode = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['action', 'agent', 'approval', 'pipeline', 'handoff']),
  /** The action, or the pipeline that is called; null for an approval. */
  does: z.string().nullable(),
  agent: z.string().nullable().describe('As the pipeline names it: any, same, role:…, or a name'),
  dependsOn: z.array(z.string()),
  when: z.string().nullable(),
  mapped: z.boolean(),
});

export const runDetail = named(
  'RunDetail',
  z.object({
    ...runFields,
    trigger: z.record(z.string(), json),
    context,
    task: z.object({ id: uuid, type: z.string(), status: z.string(), title: z.string() }).nullable(),
    lineage: z.object({
      rerunOf: runRef.nullable(),
      rerunFrom: z.string().nullable(),
      reruns: z.array(runRef),
      parent: runRef.nullable(),
      children: z.array(runRef),
    }),
    graph: z.object({ nodes: z.array(graphNode) }),
    steps: z.array(step),
    cost,
    artifacts: z.array(artifact),
    pullRequests: z.array(pullRequest),
    warnings: z.array(z.string()),
    coverage,
    overrides: z.array(override).describe('How people stepped in, in order'),
  }),
);

export const rerun = named(
  'Rerun',
  z.strictObject({
    from: line(100).describe('Id of the step to begin with'),
    input: context.default({}).describe('Parameters of that step to replace'),
  }),
);

export const noBody = z.strictObject({});

export const cancelled = named('Cancelled', z.object({ id: uuid, number: z.int(), status: z.enum(RUN_STATUSES) }));

const changedFile = z.object({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted', 'type-changed']),
  added: z.int().nullable(),
  removed: z.int().nullable(),
});

export const runDiff = named(
  'RunDiff',
  z.object({
    repository: z.string(),
    base: z.string(),
    commit: z.string(),
    files: z.array(changedFile),
    diff: z.string().describe('Unified diff'),
    cut: z.boolean().describe('Whether the diff was longer than what is shown'),
  }),
);
