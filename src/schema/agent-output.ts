import { z } from 'zod';

/** Text that people read; long ones are cut where they are shown. */
const text = z.string().max(20_000);

const finding = z.strictObject({
  rule: z.string().min(1).max(200),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  message: text.min(1),
  file: z.string().max(1_000).nullable().default(null),
  line: z.number().int().positive().nullable().default(null),
  fix: text.nullable().default(null),
});

const log = z.strictObject({ type: z.literal('log'), message: text });

const usage = z.strictObject({
  type: z.literal('usage'),
  inputTokens: z.number().int().nonnegative().nullable().default(null),
  outputTokens: z.number().int().nonnegative().nullable().default(null),
  costUsd: z.number().nonnegative().nullable().default(null),
});

const result = z.strictObject({
  type: z.literal('result'),
  /** What was done, in a sentence or two: becomes the commit's body. */
  summary: text.default(''),
  /** Checked against the capability's output schema. */
  output: z.record(z.string(), z.json()).default({}),
  findings: z.array(finding).max(1_000).default([]),
});

/** One line of a command agent's stdout (docs/agents.md describes the protocol). */
export const agentLine = z.discriminatedUnion('type', [log, usage, result]);

export type AgentAnswer = Omit<z.infer<typeof result>, 'type'>;
export type AgentUsage = Omit<z.infer<typeof usage>, 'type'>;
