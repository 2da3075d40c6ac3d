import { withOrganisation } from '../db/connection.js';
import { whereStepsWereDone } from '../db/reruns.js';
import type { Finding } from '../domain/gate.js';
import { mayDoInAny } from '../domain/roles.js';
import type { ActivityDeps } from './deps.js';

export interface RunReview {
  readonly step: string;
  readonly author: string;
  readonly verdict: 'approve' | 'comment';
  readonly body: string;
  readonly findings: readonly Finding[];
  /** What it looked at. */
  readonly commit: string | null;
}

/** What the run's review steps said, each by its agent. */
export function reviewsOf(deps: ActivityDeps, organisationId: string, runId: string): Promise<RunReview[]> {
  return withOrganisation(deps.db, organisationId, async (tx) => {
    const done = await whereStepsWereDone(tx, runId);
    const runs = [runId, ...new Set(done.values())];
    const attempts = await tx
      .selectFrom('attempts as t')
      .innerJoin('agents as a', 'a.id', 't.agent_id')
      .select(['t.run_id', 't.step', 't.item', 't.attempt', 'a.name as author', 'a.roles', 't.summary', 't.base'])
      .where('t.run_id', 'in', runs)
      .where('t.status', '=', 'succeeded')
      .where('t.commit', 'is', null)
      .orderBy('t.started_at')
      .execute();
    const findings = await tx
      .selectFrom('findings')
      .select(['run_id', 'step', 'item', 'attempt', 'rule', 'severity', 'message', 'file', 'line', 'fix'])
      .where('run_id', 'in', runs)
      .where('gate', 'is', null)
      .orderBy('position')
      .execute();
    return attempts
      .filter(({ run_id, step }) => done.get(step) === run_id)
      .map(({ author, roles, summary, base, ...of }) => {
        const own = findings.filter(
          ({ run_id, step, item, attempt }) =>
            run_id === of.run_id && step === of.step && item === of.item && attempt === of.attempt,
        );
        return {
          step: of.item === null ? of.step : `${of.step}/${of.item}`,
          author,
          // A tester who finds nothing has tested: only a reviewer approves.
          verdict: own.length === 0 && mayDoInAny(roles, 'review.code') ? 'approve' : 'comment',
          body: summary,
          findings: own,
          commit: base,
        };
      });
  });
}
