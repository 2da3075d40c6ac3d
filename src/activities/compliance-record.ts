import { z } from 'zod';
import { whereStepsWereDone } from '../db/reruns.js';
import type { ReportedCompliance } from '../domain/compliance-report.js';
import type { StepRef } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

const weight = z.object({ held: z.int().min(0), all: z.int().min(0) });
/** What a checker of compliance gives, by whatever name. */
const compliance = z.object({
  repository: z.string(),
  score: z.int().min(0).max(100),
  weight,
  standards: z.array(z.object({ standard: z.string(), score: z.int(), violations: z.int() })),
  violations: z.array(
    z.object({
      rule: z.string(),
      standard: z.string(),
      reference: z.string(),
      severity: z.enum(['ERROR', 'WARNING']),
      message: z.string(),
      location: z.string().nullable(),
      remediation: z.string(),
    }),
  ),
});

/**
 * What the run's checks of compliance said so far, also those that a rerun took over.
 *
 * @param steps only of these; null: of all.
 */
export const complianceOf = (
  deps: ActivityDeps,
  { run }: StepRef,
  steps: readonly string[] | null,
): Promise<(ReportedCompliance & { readonly step: string })[]> =>
  persist(deps, run.organisationId, async (tx) => {
    const done = await whereStepsWereDone(tx, run.runId);
    const rows = await tx
      .selectFrom('steps')
      .select(['run_id', 'step', 'item', 'output'])
      .where('run_id', 'in', [run.runId, ...new Set(done.values())])
      .where('status', '=', 'succeeded')
      .orderBy('position')
      .orderBy('item')
      .execute();
    return rows
      .filter(
        ({ run_id, step }) => run_id === (done.get(step) ?? run.runId) && (steps === null || steps.includes(step)),
      )
      .flatMap(({ step, output }) => {
        const said = compliance.safeParse(output);
        return said.success ? [{ ...said.data, step }] : [];
      });
  });
