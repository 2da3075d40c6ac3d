import { z } from 'zod';
import { line, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

/** Options of questions of steps that are blocked. */
export { RUN_GATES_AGAIN, RUN_SET_UP_AGAIN, TAKE_BRANCH } from '../../domain/blocked.js';

const QUESTION_STATUSES = ['open', 'answered', 'expired', 'cancelled'] as const;

export const question = named(
  'Question',
  z.object({
    id: uuid,
    run: z.object({
      id: uuid,
      number: z.int(),
      pipeline: z.string(),
      repository: z.string().nullable(),
      issue: z.object({ number: z.int(), title: z.string() }).nullable(),
      requestedBy: z.string(),
    }),
    step: z.object({
      id: z.string(),
      name: z.string(),
      item: z.int().nullable().describe('Index of a mapped step’s item'),
    }),
    attempt: z.int().describe('The attempt that ended with it'),
    askedBy: z.enum(['agent', 'system']),
    agent: z.string().nullable().describe('Who cannot go on'),
    text: z.string(),
    options: z.array(z.object({ name: z.string(), says: z.string() })),
    recommended: z.string().nullable().describe('Name of the option that the asker would take'),
    freeText: z.boolean().describe('Whether an answer may be in your own words, beside an option or in its place'),
    answerers: z.array(z.string()).describe('Handles and job roles of those who are asked'),
    canAnswer: z.array(z.string()).describe('Handles of the people that these are'),
    refusal: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe('Why you cannot answer it; null when you can'),
    status: z.enum(QUESTION_STATUSES),
    answer: z
      .object({
        by: z.string(),
        option: z.string().nullable(),
        text: z.string().nullable(),
        reason: z.string().nullable(),
      })
      .nullable(),
    askedAt: time,
    expiresAt: time,
    settledAt: time.nullable(),
  }),
);
export const questionPage = named('QuestionPage', page(question));

export const questionQuery = z.strictObject({
  ...pageQuery,
  status: z
    .enum([...QUESTION_STATUSES, 'settled'])
    .optional()
    .describe('`settled`: any but open'),
  waiting: z.enum(['me', 'others']).optional().describe('Open ones that you can answer, or that you cannot'),
  order: z.enum(['newest', 'oldest']).default('newest'),
  run: line(300).optional().describe('Id, number or workflow id of a run'),
  agent: uuid.optional().describe('Id of the agent that cannot go on'),
});

export const questionCount = named(
  'QuestionCount',
  z.object({ open: z.int(), mine: z.int().describe('Open ones that you can answer') }),
);

const words = z.string().trim().max(4_000).nullish();

export const answer = named(
  'Answer',
  z.strictObject({
    option: z.string().trim().min(1).max(100).nullish().describe('Name of an option'),
    text: words.describe('Your own words, where the question takes them: beside an option or in its place'),
    reason: words.describe('Why: kept, and told to whoever asked. Needed where there are no words of your own'),
  }),
);

export const answered = named('Answered', z.object({ question: uuid, option: z.string().nullable() }));
