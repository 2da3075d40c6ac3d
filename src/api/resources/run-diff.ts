import { z } from 'zod';
import { changeOfApproval, changeOfRun } from '../../db/run-change.js';
import { requireRunId } from '../../db/run-views.js';
import { compareCommits, forkPoint } from '../../forge/compare.js';
import { line, uuid } from '../../schema/api/fields.js';
import { runDiff } from '../../schema/api/run.js';
import { route } from '../route.js';
import { runParams } from './runs.js';

const MAX_DIFF_BYTES = 1024 * 1024;

export const runDiffRoutes = [
  route({
    method: 'get',
    path: '/runs/:id/diff',
    id: 'getRunDiff',
    tag: 'Runs',
    summary: 'What a run, or one of its steps, changed',
    role: 'reader',
    params: runParams,
    query: z.strictObject({ step: line(100).optional().describe('Id of a step; the whole run where left out') }),
    response: runDiff,
    handle: async ({ params, query, read }) => {
      const { repository, remoteUrl, base, commit } = await read(async (tx) =>
        changeOfRun(tx, await requireRunId(tx, params.id), query.step),
      );
      const comparison = await compareCommits({ name: repository, remoteUrl }, base, commit, MAX_DIFF_BYTES);
      return { repository, base, commit, ...comparison };
    },
  }),
  route({
    method: 'get',
    path: '/approvals/:id/diff',
    id: 'getApprovalDiff',
    tag: 'Approvals',
    summary: 'The change that an approval is bound to, since it left the default branch',
    role: 'reader',
    params: z.object({ id: uuid }),
    response: runDiff,
    handle: async ({ params, read }) => {
      const { repository, remoteUrl, base, commit } = await read((tx) => changeOfApproval(tx, params.id));
      const place = { name: repository, remoteUrl };
      const from = await forkPoint(place, base, commit);
      return { repository, base: from, commit, ...(await compareCommits(place, from, commit, MAX_DIFF_BYTES)) };
    },
  }),
];
