import type { Json } from '../domain/json.js';
import { joinOutputs } from '../domain/join-outputs.js';
import { pickOutput } from '../domain/output.js';
import { PLAN_LIMITS } from '../domain/plan.js';
import type { Activities } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { changeStep } from './steps.js';

/** Ends a step that looked at several repositories with one output, made of those of its items. */
export const joinItems =
  (deps: ActivityDeps): Activities['joinItems'] =>
  ({ ref, repositories, reads }): Promise<Json> =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const rows = await tx
        .selectFrom('steps')
        .select(['item', 'output'])
        .where('run_id', '=', ref.run.runId)
        .where('step', '=', ref.step)
        .where('item', 'is not', null)
        .where('status', '=', 'succeeded')
        .execute();
      const outputs = new Map(rows.map(({ item, output }) => [item, output]));
      const parts = repositories.map((repository, item) => ({ repository, output: outputs.get(item) ?? null }));
      const output = joinOutputs(ref.step, parts);
      await changeStep(tx, ref, { status: 'succeeded', output });
      // As much as the items of any other mapped step may hand on.
      return pickOutput(output, reads, PLAN_LIMITS.stepOutputBytes * Math.max(1, repositories.length));
    });
