import { insertApproval } from '../../src/db/approvals.js';
import type { RiskTier } from '../../src/domain/policies.js';
import { asks } from '../support/requirement.js';
import { approvalStep, plan, type TestRecord } from './record.js';

const DAY_MS = 24 * 3600_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

export interface AskedApproval {
  /** How long ago it was asked for. */
  readonly days: number;
  /** All of them have to approve. */
  readonly approvers: readonly string[];
  /** Left out: it was not rated. */
  readonly risk?: RiskTier;
  /** Who has approved. */
  readonly approvedBy?: 'admin' | 'reviewer';
  /** How long ago it was settled, as approved; open where left out. */
  readonly settledDays?: number;
}

/** An approval in the record, of a run of its own that no workflow stands behind. */
export async function askForApproval(
  record: TestRecord,
  { days, approvers, risk, approvedBy, settledDays }: AskedApproval,
): Promise<string> {
  const { organisationId, people } = record;
  const { id: runId } = await record.createRun({ plan: plan(`asks-${days}`, [approvalStep('ok', approvers)]) });
  return record.inTx(async (tx) => {
    const { id } = await insertApproval(tx, {
      organisationId,
      runId,
      step: 'ok',
      purpose: 'step',
      risk: risk ? { tier: risk, reasons: [] } : null,
      requirements: [asks(approvers, { kind: 'all' })],
      excluded: [],
      soleMember: false,
      change: null,
      expiresAt: daysAgo(-9),
    });
    const settled = settledDays === undefined ? {} : { status: 'approved' as const, settled_at: daysAgo(settledDays) };
    await tx
      .updateTable('approvals')
      .set({ requested_at: daysAgo(days), ...settled })
      .where('id', '=', id)
      .execute();
    if (approvedBy) {
      const decision = { organisation_id: organisationId, approval_id: id, person_id: people[approvedBy].id };
      await tx
        .insertInto('decisions')
        .values({ ...decision, verdict: 'approve', note: null })
        .execute();
    }
    return id;
  });
}
