import { z } from 'zod';
import { BATON } from '../domain/commit-identity.js';

// git takes these characters out of names and addresses, or for their ends.
const NOT_IN_IDENTITY = /[<>\p{Cc}]/u;

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => !NOT_IN_IDENTITY.test(text), 'has no < or > and is one line');

const address = (pattern: RegExp, example: string) =>
  z.string().max(200).regex(pattern, `is an address such as ${example}`);

const person = z.strictObject({ name, email: address(/^[\w.+-]+@[\w.-]+$/, 'baton@example.com') });

/** `{name}` is the name of an agent, or the handle of a person. */
const emailOf = address(/^[\w.+-]*\{name\}[\w.+-]*@[\w.-]+$/, '{name}@example.com');

/** Author, committer, co-authors and signature of the commits that land on protected branches. */
export const commitSettings = z.strictObject({
  author: person.default(BATON),
  committer: person.default(BATON),
  /** Who gets a `Co-authored-by` trailer: the agents that made the change, the person who asked for it. */
  coAuthors: z.array(z.enum(['agents', 'requester'])).default([]),
  agentEmail: emailOf.default('{name}@agents.baton'),
  personEmail: emailOf.default('{name}@people.baton'),
  /** Signs with the SSH key of the worker; left out: commits are not signed. */
  sign: z.literal('ssh').optional(),
});

export type CommitSettings = z.infer<typeof commitSettings>;
