import { listOverrides } from '../../db/override-views.js';
import { requireRunId } from '../../db/run-views.js';
import type { Override } from '../../domain/override.js';
import { newOverride, override, overrideList } from '../../schema/api/override.js';
import { overrideRun } from '../override.js';
import { route } from '../route.js';
import { runParams } from './runs.js';

const tag = 'Runs';

export const overrideRoutes = [
  route({
    method: 'get',
    path: '/runs/:id/overrides',
    id: 'listOverrides',
    tag,
    summary: 'How people stepped into a run, in order',
    role: 'reader',
    params: runParams,
    response: overrideList,
    handle: ({ params, read }) =>
      read(async (tx) => ({ items: await listOverrides(tx, await requireRunId(tx, params.id)) })),
  }),
  route({
    method: 'post',
    path: '/runs/:id/overrides',
    id: 'overrideRun',
    tag,
    summary:
      'Step into a run, also while an agent works. A reviewer may pause and resume, an author everything but skip an approval or call a run less than high risk, which takes an admin. Where no answer comes in time (503 `decision-unknown`) the same Idempotency-Key can be sent again: it counts once',
    role: 'reviewer',
    action: 'run.override',
    auditsItself: true,
    params: runParams,
    body: newOverride,
    status: 201,
    response: override,
    handle: async (call, deps) => {
      const { reason, ...wanted } = call.body;
      const runId = await call.read((tx) => requireRunId(tx, call.params.id));
      call.about(`run:${runId}`, { kind: wanted.kind, reason });
      return overrideRun(call, { runId, override: wanted as Override, reason, key: call.key }, deps);
    },
  }),
];
