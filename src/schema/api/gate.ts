import { z } from 'zod';
import { time } from './fields.js';
import { named } from './named.js';

export const gateResult = named(
  'GateResult',
  z.object({
    gate: z.string(),
    commit: z.string(),
    verdict: z.enum(['pass', 'fail', 'inconclusive']),
    summary: z.string(),
    mend: z.string().nullable().describe('What would make an inconclusive result conclusive'),
    command: z.string().nullable(),
    exitCode: z.int().nullable(),
    tail: z.string().describe('The end of the output'),
    logArtifact: z.string().nullable(),
    durationMs: z.number(),
    at: time,
  }),
);

export const finding = named(
  'Finding',
  z.object({
    gate: z.string().nullable().describe('Null: a reviewer’s'),
    rule: z.string(),
    severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
    message: z.string(),
    file: z.string().nullable(),
    line: z.int().nullable(),
    fix: z.string().nullable(),
    commit: z.string(),
  }),
);
