import { z } from 'zod';
import { traceReference } from '../../db/trace.js';
import { trace } from '../../schema/api/trace.js';
import { line, projectQuery } from '../../schema/api/fields.js';
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
];
