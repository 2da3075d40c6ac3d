import { z } from 'zod';
import { line, name, project, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

export { withoutCredentials } from '../../domain/source-address.js';

export const repository = named(
  'Repository',
  z.object({
    id: uuid,
    project: z.string(),
    name: z.string(),
    forge: z.string(),
    remoteUrl: z.string(),
    source: z.string().nullable().describe('Where it was imported from, without credentials'),
    defaultBranch: z.string(),
    protectedBranches: z.array(z.string()),
    openIssues: z.int(),
    openPullRequests: z.int(),
    createdAt: time,
    removedAt: time.nullable(),
  }),
);
export const importWarning = named(
  'ImportWarning',
  z.object({
    kind: z.enum(['lfs', 'submodules', 'many-files']),
    message: z.string().describe('What does not work, or slowly, and what to do about it'),
  }),
);
export const addedRepository = named('AddedRepository', repository.extend({ warnings: z.array(importWarning) }));
export const repositoryPage = named('RepositoryPage', page(repository));

export const isSource = (text: string) =>
  text.startsWith('/') || /^(https?|ssh|git):\/\/[^\s]+$/.test(text) || /^[\w.-]+@[\w.-]+:[^\s]+$/.test(text);

export const SOURCE_RULE = 'use an absolute path or an https, ssh or git URL';

export const newRepository = named(
  'NewRepository',
  z.strictObject({
    name,
    source: line(1000)
      .refine(isSource, SOURCE_RULE)
      .nullish()
      .describe('Where it is imported from; an empty repository where left out'),
    defaultBranch: line(250)
      .nullish()
      .describe('Default branch; where left out that of HEAD of the source, or `main` for an empty repository'),
    project,
  }),
);

export const repositoryQuery = z.strictObject({
  ...pageQuery,
  project,
  removed: z
    .literal('true')
    .optional()
    .describe('Those that are removed and can be brought back, in place of the others'),
});
