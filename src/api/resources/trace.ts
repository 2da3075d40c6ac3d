import { z } from 'zod';
import { requireRepository } from '../../db/project-views.js';
import { traceReference } from '../../db/trace.js';
import { commitNamed } from '../../forge/commit-named.js';
import { line, name, projectQuery } from '../../schema/api/fields.js';
import { trace } from '../../schema/api/trace.js';
import { route } from '../route.js';

export const traceRoutes = [
  route({
    method: 'get',
    path: '/trace/:reference',
    id: 'trace',
    tag: 'Trace',
    summary:
      'From a commit to its step, run, task, issue, the person who asked and those who approved; and back, from a run or an issue to its commits and pull requests',
    role: 'reader',
    params: z.object({
      reference: line(1000).describe(
        'A commit (7 or more hex digits), a run (`#7`, its id or workflow id) or an issue (`repository#3`), percent-encoded',
      ),
    }),
    query: projectQuery,
    response: trace,
    handle: ({ params: { reference }, query: { project }, read }) =>
      read((tx) => traceReference(tx, { reference, project })),
  }),
  route({
    method: 'get',
    path: '/repositories/:name/trace/:commit',
    id: 'traceNamedCommit',
    tag: 'Trace',
    summary: 'The same for a commit by its name in a repository: a branch, a tag, HEAD for its default branch, a hash',
    role: 'reader',
    params: z.object({ name, commit: line(300) }),
    query: projectQuery,
    response: trace,
    handle: async ({ params, query: { project }, read }) => {
      const repository = await read((tx) => requireRepository(tx, params.name, project));
      const reference = await commitNamed(repository, params.commit);
      return read((tx) => traceReference(tx, { reference, project }));
    },
  }),
];
