import { z } from 'zod';
import { line, name, projectQuery, time } from './fields.js';
import { named } from './named.js';
import { importWarning, isSource, repository, SOURCE_RULE } from './repository.js';

const branch = line(250);
const address = line(1000).refine(isSource, SOURCE_RULE).nullish();

export const renaming = named('RepositoryRenaming', z.strictObject({ name }));
export const renamedRepository = named(
  'RenamedRepository',
  repository.extend({ warnings: z.array(z.string()).describe('What still names it as before') }),
);

export const newDefaultBranch = named('NewDefaultBranch', z.strictObject({ branch }));
export const changedDefaultBranch = named(
  'ChangedDefaultBranch',
  repository.extend({ warnings: z.array(importWarning) }),
);

export const newPull = named(
  'NewPull',
  z.strictObject({ from: address.describe('Path or URL; left out: where it was imported from') }),
);
export const pulled = named(
  'Pulled',
  z.object({
    repository: z.string(),
    from: z.string().describe('Without credentials'),
    updated: z
      .array(z.object({ branch: z.string(), before: z.string().nullable(), after: z.string() }))
      .describe('Branches that were fast-forwarded; `before` is null where the branch is new'),
    ahead: z.array(z.string()).describe("Branches where Baton's import has commits that the origin lacks"),
    diverged: z.array(z.string()).describe('Branches that cannot be fast-forwarded; they stay as they are'),
    clashing: z
      .array(z.string())
      .describe('New branches whose name clashes with a branch that is there, as `a/b` with `a`'),
    newTags: z.array(z.string()),
    warnings: z.array(importWarning),
  }),
);

export const newPush = named(
  'NewPush',
  z.strictObject({
    branch: branch.nullish().describe('Left out: the default branch'),
    as: branch.nullish().describe('Name of the branch there; left out: the same'),
    to: address.describe('Path or URL; left out: where it was imported from'),
  }),
);
export const pushed = named(
  'Pushed',
  z.object({
    repository: z.string(),
    to: z.string().describe('Without credentials'),
    branch: z.string(),
    as: z.string(),
    commit: z.string(),
    result: z.enum(['pushed', 'up-to-date']),
  }),
);

export const removalQuery = projectQuery.extend({
  purge: z
    .literal('true')
    .optional()
    .describe('Delete the files at once, also of one of that name that was removed before'),
});
export const removedRepository = named(
  'RemovedRepository',
  z.object({
    name: z.string(),
    files: z.string().nullable().describe('Where its files are on the server; null: they are deleted'),
    keptUntil: time.nullable().describe('Until when at least'),
  }),
);
