import { judgeFindings, type AttemptFailure } from '../domain/attempt.js';
import { BatonError } from '../domain/errors.js';
import type { Severity } from '../domain/gate.js';
import type { Activities } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

const THRESHOLDS: readonly (Severity | 'never')[] = ['critical', 'high', 'medium', 'low', 'info', 'never'];

/** Whether what a review found stops the run: findings at `failOn` or above. */
export const judgeReview =
  (deps: ActivityDeps): Activities['judgeReview'] =>
  async ({ ref, attempt, failOn }): Promise<AttemptFailure | null> => {
    const threshold = THRESHOLDS.find((known) => known === failOn);
    if (!threshold)
      throw new BatonError(
        'param-invalid',
        `failOn of ${ref.name} is one of ${THRESHOLDS.join(', ')}; it is ${failOn}.`,
      );
    const findings = await persist(deps, ref.run.organisationId, (tx) =>
      tx
        .selectFrom('findings')
        .select(['rule', 'severity', 'message', 'file', 'line', 'fix'])
        .where('run_id', '=', ref.run.runId)
        .where('step', '=', ref.step)
        .where('item', 'is not distinct from', ref.item)
        .where('attempt', '=', attempt)
        .where('gate', 'is', null)
        .orderBy('position')
        .execute(),
    );
    const verdict = judgeFindings(findings, threshold);
    return verdict.kind === 'done' ? null : verdict.failure;
  };
