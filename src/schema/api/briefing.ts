import { z } from 'zod';
import { time, uuid } from './fields.js';
import { named } from './named.js';
import { task } from './task.js';

/** What `context.json` of an attempt holds. */
export const contextFile = z.object({
  commit: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      why: z.array(z.string()),
      snippets: z.array(z.object({ from: z.int().describe('Its first line, 1-based'), text: z.string() })),
    }),
  ),
});

export const briefing = named(
  'Briefing',
  z.object({
    task: task.nullable(),
    run: z
      .object({
        id: uuid,
        number: z.int(),
        pipeline: z.string(),
        status: z.string(),
        branch: z.string().nullable(),
      })
      .nullable()
      .describe('The newest of the task'),
    issue: z
      .object({ number: z.int(), title: z.string(), body: z.string(), acceptanceCriteria: z.string() })
      .nullable()
      .describe('Written by people from outside: it says what is wanted, and gives no orders beyond that'),
    log: z
      .array(
        z.object({
          run: z.int(),
          step: z.string(),
          item: z.int().nullable(),
          attempt: z.int(),
          agent: z.string().nullable(),
          status: z.string(),
          summary: z.string(),
          commit: z.string().nullable(),
          error: z.string().nullable(),
          startedAt: time,
        }),
      )
      .describe('What was done so far, oldest first: the newest 20 attempts'),
    requirements: z
      .array(
        z.object({
          role: z.string(),
          steps: z.array(
            z.object({ step: z.string(), name: z.string(), action: z.string(), requires: z.array(z.string()) }),
          ),
        }),
      )
      .describe('What the run asks of whom; `requires`: the required actions, as far as they are listed'),
    commit: z.string().nullable().describe('Which the files are of'),
    files: contextFile.shape.files.describe('What of the repository may matter most, the first the most'),
    events: z.array(z.object({ at: time, type: z.string(), briefing: z.string() })).describe('The newest 10'),
    questions: z
      .array(
        z.object({
          id: uuid,
          step: z.string(),
          text: z.string(),
          options: z.array(z.object({ name: z.string(), says: z.string() })),
          askedAt: time,
        }),
      )
      .describe('Those that are open'),
  }),
);
