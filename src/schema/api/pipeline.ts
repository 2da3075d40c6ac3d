import { z } from 'zod';
import { json, line, project, time } from './fields.js';
import { OVERLAPS } from '../../domain/plan.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const PIPELINE_STATES = ['active', 'draft', 'archived'] as const;

/** 200 KiB: a request has 256 in all. */
const source = z
  .string()
  .min(1, 'must not be empty')
  .max(200 * 1024)
  .describe('The YAML of the pipeline');
const file = line(300).default('pipeline.yaml').describe('Its name in messages');

const schedule = z.object({
  cron: z.string(),
  timeZone: z.string(),
  overlap: z.enum(OVERLAPS).describe('What becomes of a time at which the run before is still open'),
  catchUpMs: z.int().describe('How late a run may start after a time that nobody served'),
  repository: z.string().nullable(),
  paused: z.boolean(),
  nextAt: time.nullable().describe('Null where it is paused, or Temporal does not say so now'),
});

export const pipeline = named(
  'Pipeline',
  z.object({
    project: z.string(),
    name: z.string(),
    state: z.enum(PIPELINE_STATES),
    version: z.int(),
    description: z.string().nullable(),
    triggers: z.array(json),
    schedules: z.array(schedule),
    steps: z.int(),
    unavailable: z.array(z.string()).describe('What it uses and is not there yet: such a pipeline cannot be activated'),
    createdAt: time,
    changedAt: time,
  }),
);
export const pipelinePage = named('PipelinePage', page(pipeline));

export const pipelineVersion = named(
  'PipelineVersion',
  z.object({
    version: z.int(),
    source: z.string(),
    plan: json,
    unavailable: z.array(z.string()),
    createdBy: z.string().nullable(),
    createdAt: time,
  }),
);
export const pipelineVersionPage = named('PipelineVersionPage', page(pipelineVersion));

export const pipelineQuery = z.strictObject({ ...pageQuery, project, state: z.enum(PIPELINE_STATES).optional() });
export const pipelineVersionQuery = z.strictObject({ ...pageQuery, project });

export const newPipeline = named(
  'NewPipeline',
  z.strictObject({ source, file, activate: z.boolean().default(false), project }),
);

const diagnostic = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  pointer: z.string(),
});

export const savedPipeline = named(
  'SavedPipeline',
  z.object({ name: z.string(), version: z.int(), state: z.enum(PIPELINE_STATES), warnings: z.array(diagnostic) }),
);

export const pipelineToValidate = named('PipelineToValidate', z.strictObject({ source, file, project }));

export const validation = named(
  'Validation',
  z.object({
    valid: z.boolean(),
    name: z.string().nullable(),
    steps: z.int().nullable(),
    unavailable: z.array(z.string()),
    diagnostics: z.array(diagnostic).describe('Every error and warning, in the order of the file'),
  }),
);

export const pipelineState = named('PipelineState', z.strictObject({ state: z.enum(PIPELINE_STATES), project }));
export const changedPipeline = named('ChangedPipeline', z.object({ name: z.string(), state: z.enum(PIPELINE_STATES) }));
