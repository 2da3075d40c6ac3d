import { sql } from 'kysely';
import type { ApprovalPolicy, Person } from '../domain/approval.js';
import type { Tx } from './connection.js';
import { whereStepsWereDone } from './reruns.js';

/** The people who hold a job role in the project or are named by handle: whoever could answer to an approver's name. */
export async function peopleOfProject(tx: Tx, projectId: string): Promise<Person[]> {
  return tx
    .selectFrom('people as p')
    .leftJoin('job_roles as r', (join) => join.onRef('r.person_id', '=', 'p.id').on('r.project_id', '=', projectId))
    .select([
      'p.id',
      'p.handle',
      sql<string[]>`coalesce(array_agg(r.role) filter (where r.role is not null), '{}')`.as('roles'),
    ])
    .groupBy(['p.id', 'p.handle'])
    .execute();
}

export interface Contributor {
  readonly agent: string;
  readonly ownerId: string | null;
}

/**
 * The agents that made a run's change, also in runs that it took results over from; agents of the organisation have no
 * owner. What an attempt left that did not pass its gates is no part of the change.
 */
export async function contributorsOf(tx: Tx, runId: string): Promise<Contributor[]> {
  const done = await whereStepsWereDone(tx, runId);
  const rows = await tx
    .selectFrom('attempts as t')
    .innerJoin('agents as a', 'a.id', 't.agent_id')
    .select(['t.run_id as runId', 't.step', 'a.name as agent', 'a.owner_id as ownerId'])
    .where('t.run_id', 'in', [runId, ...new Set(done.values())])
    .where('t.commit', 'is not', null)
    // Who asked has begun what the next one finished.
    .where('t.status', 'in', ['asked', 'succeeded'])
    .orderBy('a.name')
    .execute();
  const made = rows.filter((row) => done.get(row.step) === row.runId).map(({ agent, ownerId }) => ({ agent, ownerId }));
  return [...new Map(made.map((contributor) => [contributor.agent, contributor])).values()];
}

export interface NewApproval {
  readonly organisationId: string;
  readonly runId: string;
  readonly step: string;
  readonly policy: ApprovalPolicy;
  readonly excluded: readonly string[];
  readonly soleMember: boolean;
  readonly change: {
    readonly repositoryId: string;
    readonly base: string;
    readonly commit: string;
    readonly patchId: string;
  } | null;
  readonly expiresAt: Date;
}

/** Opens an approval; asking again changes nothing. */
export async function insertApproval(tx: Tx, approval: NewApproval): Promise<string> {
  await tx
    .insertInto('approvals')
    .values({
      organisation_id: approval.organisationId,
      run_id: approval.runId,
      step: approval.step,
      policy: JSON.stringify(approval.policy),
      excluded: [...approval.excluded],
      sole_member: approval.soleMember,
      repository_id: approval.change?.repositoryId ?? null,
      base: approval.change?.base ?? null,
      commit: approval.change?.commit ?? null,
      patch_id: approval.change?.patchId ?? null,
      expires_at: approval.expiresAt,
    })
    .onConflict((conflict) => conflict.columns(['run_id', 'step']).doNothing())
    .execute();
  const row = await tx
    .selectFrom('approvals')
    .select('id')
    .where('run_id', '=', approval.runId)
    .where('step', '=', approval.step)
    .executeTakeFirstOrThrow();
  return row.id;
}

export interface GrantedApproval {
  readonly step: string;
  /** The repository whose change was approved; null where there was none. */
  readonly repositoryId: string | null;
  readonly patchId: string | null;
  readonly approvers: readonly string[];
}

/** The approvals that people gave a run, or the runs that it took results over from, with who gave them. */
export async function grantedApprovals(tx: Tx, runId: string): Promise<GrantedApproval[]> {
  const done = await whereStepsWereDone(tx, runId);
  const rows = await tx
    .selectFrom('approvals as a')
    .innerJoin('decisions as d', 'd.approval_id', 'a.id')
    .innerJoin('people as p', 'p.id', 'd.person_id')
    .select([
      'a.run_id as runId',
      'a.step',
      'a.repository_id as repositoryId',
      'a.patch_id as patchId',
      sql<string[]>`array_agg(p.handle order by d.created_at)`.as('approvers'),
    ])
    .where('a.run_id', 'in', [runId, ...new Set(done.values())])
    .where('a.status', '=', 'approved')
    .where('d.verdict', '=', 'approve')
    .groupBy(['a.run_id', 'a.step', 'a.repository_id', 'a.patch_id'])
    .execute();
  return rows.filter((row) => done.get(row.step) === row.runId).map(({ runId: _, ...approval }) => approval);
}
