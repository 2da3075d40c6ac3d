import { z } from 'zod';

/** An instant, ISO 8601 in UTC. */
export const time = z.iso.datetime().describe('ISO 8601, UTC');

export const uuid = z.uuid();

/** A line of text that a person writes. */
export const line = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(maxLength)
    .refine((text) => !/[\r\n]/.test(text), 'must be one line');

/** Names of repositories and pipelines: parts of branches, paths and workflow ids. */
export const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/, {
    error: 'use lower-case letters, digits, . _ - (at most 63, beginning and ending with a letter or digit)',
    abort: true,
  })
  .refine(
    (text) => !text.includes('..') && !text.endsWith('.git') && !text.endsWith('.lock'),
    'must not hold "..", nor end with .git or .lock',
  );

export const label = line(50);

/** One or several of some words, with commas, in a query. */
export const someOf = <const W extends string>(words: readonly W[]) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(words)))
    .optional()
    .describe('One or several, with commas');

/** A number in a query. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'use a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

/** Narrows to one project; may be left out where the organisation has one only. */
export const project = z.string().min(1).max(100).optional().describe('Name of the project, where there are several');
export const projectQuery = z.strictObject({ project });

/** In a path: the number of an issue or a pull request. */
export const itemNumber = wholeNumber(0, 999_999_999);

export const money = z.number().nullable().describe('US dollars; null is unknown');

export const reportedCost = money.describe('US dollars, as the program reported it; null: it did not');

export const listPrice = z
  .object({
    usd: z.number(),
    date: z.string().describe('Day of the price table, such as 2026-09-23'),
    isMinimum: z
      .boolean()
      .describe('Whether some of its tokens may cost more: the program does not tell enough of them'),
  })
  .describe('What its tokens cost by public list prices, where the program reported no cost');

/** Any JSON value. */
export const json = z.unknown();

export const recordedError = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), json).optional(),
});
