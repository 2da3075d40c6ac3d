import { findNewestApproval } from '../../db/approvals.js';
import { clearEscalationsOfRun } from '../../db/escalations.js';
import { updateRun } from '../../db/runs.js';
import type { Activities } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { runEvent, stepEvent } from '../../db/step-events.js';
import { persist } from '../persist.js';
import { changeStep } from '../steps.js';

/** Closes an approval in the record; the run goes on, or ends. */
export const settleApproval =
  (deps: ActivityDeps): Activities['settleApproval'] =>
  ({ ref, endsStep, outcome, failure, runStatus }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const { run } = ref;
      const suffix = (await findNewestApproval(tx, run.runId, ref.step))?.keySuffix ?? '';
      await tx
        .updateTable('approvals')
        .set({ status: outcome, settled_at: new Date() })
        .where('run_id', '=', run.runId)
        .where('step', '=', ref.step)
        .where('status', '=', 'open')
        .execute();
      const status =
        outcome === 'approved'
          ? endsStep
            ? 'succeeded'
            : 'running'
          : outcome === 'cancelled'
            ? 'cancelled'
            : 'failed';
      await changeStep(tx, ref, { status, ...(failure && { error: failure }) });
      await stepEvent(tx, ref, {
        key: `approval.settled${suffix}`,
        type: 'approval.settled',
        briefing: outcome,
        payload: { outcome },
      });
      // Somebody has decided.
      if (outcome === 'rejected') await clearEscalationsOfRun(tx, 'pr-stale', run.runId);
      await updateRun(tx, run.runId, { briefing: `${ref.name}: ${outcome}`, status: runStatus });
      if (outcome === 'approved')
        await runEvent(tx, run, {
          key: `resumed/${ref.step}${suffix}`,
          type: 'workflow.resumed',
          briefing: `${run.pipeline} goes on`,
        });
    });
