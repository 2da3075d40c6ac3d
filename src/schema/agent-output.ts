import { z } from 'zod';
import type { ModelTokens } from '../domain/usage.js';
import { CHECKLIST_LIMITS, ITEM_STATUSES, itemText } from '../domain/checklist.js';

const MAX_CHARACTERS = 20_000;
/** The largest `int` of PostgreSQL. */
const MAX_INT = 2 ** 31 - 1;
/** More than any attempt costs, less than what the record's column cannot hold. */
const MAX_COST_USD = 999_999;

/** Text that people read: too much of it is no reason to lose an agent's work, it is cut and says so. */
const cutAt = (max: number) => z.string().transform((whole) => cut(whole, max));
const text = cutAt(MAX_CHARACTERS);
export const spokenText = z.string().trim().min(1).pipe(text);

function cut(whole: string, max = MAX_CHARACTERS): string {
  if (whole.length <= max) return whole;
  // The cut may go through a surrogate pair.
  const kept = whole.slice(0, max).replace(/[\ud800-\udbff]$/, '');
  return `${kept}\n[Baton cut the text here: ${kept.length} of ${whole.length} characters kept]`;
}

const finding = z.strictObject({
  rule: z.string().min(1).max(200),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  message: z.string().min(1).pipe(text),
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

/** What the program finds its conversation by; handed back when the same agent goes on. */
const session = z.string().min(1).max(1_000).nullable().default(null);

export const answerFields = {
  /** What was done, in a sentence or two: becomes the commit's body. */
  summary: text.default(''),
  /** Checked against the capability's output schema. */
  output: z.record(z.string(), z.json()).default({}),
  findings: z.array(finding).max(1_000).default([]),
};

export const agentResult = z.strictObject({ type: z.literal('result'), ...answerFields, session });

export const questionText = z.string().trim().min(1).pipe(cutAt(4_000));

const questionFields = {
  text: questionText,
  options: z
    .array(
      z.strictObject({
        name: z
          .string()
          .trim()
          .min(1)
          .max(100)
          .regex(/^[^\r\n]*$/, 'is one line'),
        says: z.string().trim().min(1).max(500),
      }),
    )
    .min(2)
    .max(10),
  recommended: z.string().trim().nullable().default(null),
  freeText: z.boolean().default(false),
};

interface Options {
  readonly options: readonly { readonly name: string }[];
  readonly recommended: string | null;
}

function refuseOptions({ options, recommended }: Options, context: z.RefinementCtx): void {
  const names = options.map(({ name }) => name);
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (new Set(names).size < names.length) refuse('options', 'two options have one name');
  if (recommended !== null && !names.includes(recommended)) refuse('recommended', 'is no option');
}

/** As an agent asks by a tool. */
export const askedQuestion = z.strictObject(questionFields).superRefine(refuseOptions);

export const agentQuestion = z
  .strictObject({ type: z.literal('question'), ...questionFields, session })
  .superRefine(refuseOptions);

const item = z.string().transform(itemText).pipe(z.string().min(1).max(CHECKLIST_LIMITS.textLength));

export const checklistFields = {
  /** In the order in which they are done; those that are there already stay as they are. */
  items: z
    .array(item)
    .min(1)
    .max(CHECKLIST_LIMITS.items)
    .refine((items) => new Set(items).size === items.length, 'names an item twice'),
};

const checklist = z.strictObject({ type: z.literal('checklist'), ...checklistFields });

export const markFields = {
  item,
  status: z.enum(ITEM_STATUSES),
  note: z.string().trim().pipe(cutAt(CHECKLIST_LIMITS.noteLength)).nullable().default(null),
};

const mark = z.strictObject({ type: z.literal('item'), ...markFields });

/** What came of what was done; null: it only begins. */
const result = z
  .strictObject({ ok: z.boolean(), text: text.default('') })
  .nullable()
  .default(null);

/** What the agent does, in the vocabulary of all agents. */
const didEvents = [
  z.strictObject({ type: z.literal('think'), text }),
  z.strictObject({ type: z.literal('message'), text }),
  z.strictObject({ type: z.literal('read'), what: text }),
  z.strictObject({ type: z.literal('edit'), path: z.string().min(1).max(1_000), result }),
  z.strictObject({ type: z.literal('command'), command: text, result }),
  z.strictObject({ type: z.literal('tool'), tool: z.string().min(1).max(200), input: text.default(''), result }),
  z.strictObject({ type: z.literal('error'), text }),
] as const;

/** One line of a command agent's stdout (docs/agents.md describes the protocol). */
export const agentLine = z.discriminatedUnion('type', [
  log,
  usage,
  checklist,
  mark,
  agentResult,
  agentQuestion,
  ...didEvents,
]);

export type AgentAnswer = Omit<z.infer<typeof agentResult>, 'type'>;
/** In place of a result: the agent cannot go on before people have answered. */
export type AgentQuestion = Omit<z.infer<typeof agentQuestion>, 'type'>;
export type MarkedItem = Omit<z.infer<typeof mark>, 'type'>;
export type AgentUsage = Omit<z.infer<typeof usage>, 'type'> & {
  /** The same by model, for a list price; left out where the program reports its cost or no tokens. */
  readonly models?: readonly ModelTokens[];
};
