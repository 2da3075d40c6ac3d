import { z } from 'zod';
import { requireRunId } from '../../db/run-views.js';
import { changeOfRun } from '../../db/run-change.js';
import { BatonError } from '../../domain/errors.js';
import { changedFiles, diff } from '../../git/diff.js';
import { resolveCommit } from '../../git/clone.js';
import { line } from '../../schema/api/fields.js';
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
      const change = await read(async (tx) => changeOfRun(tx, await requireRunId(tx, params.id), query.step));
      const { repository, remoteUrl, base, commit } = change;
      const clone = { gitDir: remoteUrl, remoteUrl };
      for (const end of [base, commit]) {
        if ((await resolveCommit(clone, end)) === null) {
          throw new BatonError('commit-not-found', `The commit ${end} is not in ${repository} any more, or was never published.`);
        }
      }
      const text = await diff(clone, base, commit, MAX_DIFF_BYTES);
      return { repository, base, commit, files: await changedFiles(clone, base, commit), diff: text, cut: Buffer.byteLength(text) >= MAX_DIFF_BYTES };
    },
  }),
];
