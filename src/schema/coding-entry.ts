import { z } from 'zod';
import { CONTEXT_TOKENS } from '../domain/context/budget.js';
import { ASKED_KINDS } from '../domain/permission-request.js';
import { isAllowedHost } from '../domain/sandbox-settings.js';
import { sandboxSettings, secretVariable } from './agent-entry.js';

const allowedHost = z
  .templateLiteral([z.string(), ':', z.number()])
  .refine(isAllowedHost, 'is such as api.example.com:443');

/** The entry of an agent that is a program which people use to write code. What is left out is the program's own. */
export const codingEntry = z.strictObject({
  /** Where the program lies on the worker's host; null: its command on the worker's PATH. */
  program: z.string().startsWith('/').nullable().default(null),
  model: z.string().min(1).max(200).nullable().default(null),
  /** Variables of the worker's environment that hold its keys: the first is the provider's. */
  keys: z.array(secretVariable).max(10).optional(),
  /** Where its model answers; may be reached without being named in `hosts`. */
  baseUrl: z
    .string()
    .refine((url) => URL.canParse(url) && /^https?:\/\/[^/@]+/.test(url), 'is such as https://api.example.com/v1')
    .nullable()
    .default(null),
  /** What else it may reach. */
  hosts: z.array(allowedHost).max(100).default([]),
  /** Whether the repository's own settings for the program, hooks and servers among them, are heeded. */
  trustRepository: z.boolean().default(false),
  /** What it asks people before it does it; nothing where left out: what it may touch is up to its sandbox. */
  askFor: z
    .array(z.enum(ASKED_KINDS))
    .refine((kinds) => new Set(kinds).size === kinds.length, 'names a kind twice')
    .default([]),
  /** What it is told at the beginning of an attempt, in tokens: what does not fit is cut or left out, and says so. */
  contextTokens: z.number().int().min(CONTEXT_TOKENS.min).max(CONTEXT_TOKENS.max).default(20_000),
  sandbox: sandboxSettings.default({}),
});

export type CodingEntry = z.infer<typeof codingEntry>;
/** What the entries of all such programs have. */
export type ProgramEntry = Omit<CodingEntry, 'model' | 'trustRepository'> &
  Partial<Pick<CodingEntry, 'model' | 'trustRepository'>>;
