import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import { isJsonObject, type Json } from '../domain/json.js';
import { pickOutput } from '../domain/output.js';
import type { StepStatus } from '../domain/run-state.js';
import type { Activities } from '../domain/work.js';
import { publishToBranch } from '../git/publish.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { checkOut } from './workspace.js';

/** A rerun begins: its branch at the recorded commit, the finished steps' results in its own record. */
export const takeOver =
  (deps: ActivityDeps): Activities['takeOver'] =>
  async ({ run, of, steps, branch }) => {
    if (branch && run.repository) {
      const { clone, repository } = await checkOut(deps, run.organisationId, run.repository.id);
      const made = await publishToBranch(clone, branch.startAt, branch.name, { protectedBranches: repository.protectedBranches });
      if (made.kind === 'conflict') throw new BatonError('branch-taken', `The branch ${branch.name} is there already, and holds something else.`);
    }
    return persist(deps, run.organisationId, async (tx) => {
      if (branch) await tx.updateTable('runs').set({ branch: branch.name }).where('id', '=', run.runId).execute();
      const rows = await tx
        .selectFrom('steps as s')
        .leftJoin('attempts as t', (join) => join.onRef('t.run_id', '=', 's.run_id').onRef('t.step', '=', 's.step').on('t.status', '=', 'succeeded'))
        .select(['s.step', 's.status', 's.output', 's.input', 's.commit', sql<string | null>`max(t.agent_id::text)`.as('agentId')])
        .where('s.run_id', '=', of)
        .where('s.item', 'is', null)
        .where('s.step', 'in', steps.length > 0 ? steps.map(({ id }) => id) : [''])
        .groupBy(['s.step', 's.status', 's.output', 's.input', 's.commit'])
        .execute();
      const taken: Record<string, { status: StepStatus; output: Json; agentId: string | null }> = {};
      for (const { id, reads } of steps) {
        const row = rows.find(({ step }) => step === id);
        if (!row) throw new BatonError('step-not-recorded', `The run that is repeated has no record of the step ${id}.`);
        const output = onBranch(row.output, branch?.name);
        await tx
          .updateTable('steps')
          .set({
            status: row.status,
            output: JSON.stringify(output),
            input: row.input === null ? null : JSON.stringify(row.input),
            commit: row.commit,
            started_at: sql<Date>`clock_timestamp()`,
            ended_at: sql<Date>`clock_timestamp()`,
          })
          .where('run_id', '=', run.runId)
          .where('step', '=', id)
          .where('status', '=', 'pending')
          .execute();
        taken[id] = { status: row.status, output: pickOutput(output, reads), agentId: row.agentId };
      }
      return taken;
    });
  };

/** An output that names the run's branch names the new one. */
const onBranch = (output: Json | null, branch: string | undefined): Json =>
  branch !== undefined && isJsonObject(output) && typeof output['branch'] === 'string' ? ({ ...output, branch } as JsonObject) : output;
