import { z } from 'zod';

const MAX_CHARACTERS = 20_000;
/** The largest `int` of PostgreSQL. */
const MAX_INT = 2 ** 31 - 1;
/** More than any attempt costs, less than what the record's column cannot hold. */
const MAX_COST_USD = 999_999;

/** Text that people read: too much of it is no reason to lose an agent's work, it is cut and says so. */
const text = z.string().transform(cut);

function cut(whole: string): string {
  if (whole.length <= MAX_CHARACTERS) return whole;
  // The cut may go through a surrogate pair.
  const kept = whole.slice(0, MAX_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
  return `${kept}\n[Baton cut the text here: ${kept.length} of ${whole.length} characters kept]`;
}

const finding = z.strictObject({
  rule: z.string().min(1).max(200),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  message: z.string().min(1).transform(cut),
  file: z.string().max(1_000).nullable().default(null),
  line: z.number().int().positive().max(MAX_INT).nullable().default(null),
  fix: text.nullable().default(null),
});

const log = z.strictObject({ type: z.literal('log'), message: text });

const usage = z.strictObject({
  type: z.literal('usage'),
  inputTokens: z.number().int().nonnegative().nullable().default(null),
  outputTokens: z.number().int().nonnegative().nullable().default(null),
  costUsd: z.number().nonnegative().max(MAX_COST_USD).nullable().default(null),
});

const result = z.strictObject({
  type: z.literal('result'),
  /** What was done, in a sentence or two: becomes the commit's body. */
  summary: text.default(''),
  /** Checked against the capability's output schema. */
  output: z.record(z.string(), z.json()).default({}),
  findings: z.array(finding).max(1_000).default([]),
  /** What the program finds its conversation by; handed back when the same agent goes on. */
  session: z.string().min(1).max(1_000).nullable().default(null),
});

/** One line of a command agent's stdout (docs/agents.md describes the protocol). */
export const agentLine = z.discriminatedUnion('type', [log, usage, result]);

export type AgentAnswer = Omit<z.infer<typeof result>, 'type'>;
export type AgentUsage = Omit<z.infer<typeof usage>, 'type'>;
