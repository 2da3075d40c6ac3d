import { bulkAct, bulkPreview, bulkQuery, bulkResult } from '../../schema/api/bulk.js';
import { actInBulk, previewBulk } from '../bulk.js';
import { route } from '../route.js';

const tag = 'Runs';

export const bulkRoutes = [
  route({
    method: 'get',
    path: '/bulk',
    id: 'previewBulk',
    tag,
    summary: 'What an act on many runs would touch, and what would become of each',
    role: 'reader',
    query: bulkQuery,
    response: bulkPreview,
    handle: ({ query: { action, ...filter }, read }) => read((tx) => previewBulk(tx, action, filter)),
  }),
  route({
    method: 'post',
    path: '/bulk',
    id: 'actInBulk',
    tag,
    summary:
      'Pause, resume, cancel or rerun the runs that a preview showed, and no others. A reviewer may pause and resume, an author all. The same Idempotency-Key does what is left, and nothing twice',
    role: 'reviewer',
    action: 'run.bulk',
    body: bulkAct,
    response: bulkResult,
    handle: async (call, deps) => {
      const { action, reason, runs } = call.body;
      call.about('runs', { action, reason, runs: runs.length });
      const outcomes = await actInBulk(call, call.body, deps);
      deps.dispatcher.wake();
      return { action, runs: outcomes };
    },
  }),
];
