import { whereStepsWereDone } from '../db/reruns.js';
import { SCAN_KINDS, type Finding, type GateResult, type ScanKind } from '../domain/gate.js';
import type { StepRef } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

const FINDING = ['rule', 'severity', 'message', 'file', 'line', 'fix'] as const;

/** All that a gate found on a commit in a step, as the record has it. */
export const findingsOf = (
  deps: ActivityDeps,
  { run, step, item }: StepRef,
  { gate, commit }: { readonly gate: string; readonly commit: string },
): Promise<Finding[]> =>
  persist(deps, run.organisationId, (tx) =>
    tx
      .selectFrom('findings')
      .select(FINDING)
      .where('run_id', '=', run.runId)
      .where('step', '=', step)
      .where('item', 'is not distinct from', item)
      .where('gate', '=', gate)
      .where('commit', '=', commit)
      .orderBy('position')
      .execute(),
  );

/** A scan that a run made of a repository, with what came of it. */
export interface RecordedScan {
  readonly step: string;
  readonly gate: ScanKind;
  readonly repository: { readonly id: string; readonly name: string };
  readonly commit: string;
  readonly result: GateResult;
  readonly findings: readonly (Finding & { readonly fingerprint: string })[];
}

/**
 * The scans of a run so far, also those that a rerun took over: of each step, item and kind the last one.
 *
 * @param steps only of these; null: of all.
 */
export const scansOf = (
  deps: ActivityDeps,
  { run }: StepRef,
  steps: readonly string[] | null,
): Promise<RecordedScan[]> =>
  persist(deps, run.organisationId, async (tx) => {
    const done = await whereStepsWereDone(tx, run.runId);
    const rows = await tx
      .selectFrom('gate_results as g')
      .innerJoin('repositories as r', 'r.id', 'g.repository_id')
      .select(['g.run_id', 'g.step', 'g.item', 'g.attempt', 'g.gate', 'g.commit', 'g.result', 'r.id', 'r.name'])
      .where('g.run_id', 'in', [run.runId, ...new Set(done.values())])
      .where('g.gate', 'in', [...SCAN_KINDS])
      .orderBy('g.created_at')
      .orderBy('g.step')
      .orderBy('g.item')
      .execute();
    const own = rows.filter(
      ({ run_id, step }) => run_id === (done.get(step) ?? run.runId) && (steps === null || steps.includes(step)),
    );
    const last = new Map(own.map((row) => [JSON.stringify([row.step, row.item, row.gate]), row]));
    return Promise.all(
      [...last.values()].map(async ({ run_id, step, item, attempt, gate, commit, result, id, name }) => {
        const findings = await tx
          .selectFrom('findings')
          .select([...FINDING, 'fingerprint'])
          .where('run_id', '=', run_id)
          .where('step', '=', step)
          .where('item', 'is not distinct from', item)
          .where('attempt', '=', attempt)
          .where('gate', '=', gate)
          .where('commit', '=', commit)
          .orderBy('position')
          .execute();
        return {
          step,
          gate: gate as ScanKind,
          repository: { id, name },
          commit,
          result,
          findings: findings.map((finding) => ({ ...finding, fingerprint: finding.fingerprint ?? '' })),
        };
      }),
    );
  });
