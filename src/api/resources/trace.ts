import { z } from 'zod';
import { traceCommit } from '../../db/trace.js';
import { trace } from '../../schema/api/trace.js';
import { route } from '../route.js';

export const traceRoutes = [
  route({
    method: 'get',
    path: '/trace/:commit',
    id: 'traceCommit',
    tag: 'Trace',
    summary:
      'From a commit to its step, run, task, issue, the person who asked and those who approved; and back to all commits of the run',
    role: 'reader',
    params: z.object({ commit: z.string().regex(/^[0-9a-fA-F]{7,64}$/, 'use 7 or more hex digits of a commit') }),
    response: trace,
    handle: ({ params, read }) => read((tx) => traceCommit(tx, params.commit)),
  }),
];
