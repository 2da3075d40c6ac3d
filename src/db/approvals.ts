import { sql } from 'kysely';
import type { GivenApproval } from '../domain/approval-policy.js';
import { BatonError } from '../domain/errors.js';
import type { Decision, OpenApproval, Person, Requirement } from '../domain/approval.js';
import type { Risk, RiskOverride } from '../domain/risk.js';
import { currentAbsences } from './absences.js';
import type { Tx } from './connection.js';
import { heldRoles } from './people.js';
import { whereStepsWereDone } from './reruns.js';

/**
 * The people who have not left, with what they answer to in the project beside their handle, and with those whose decisions
 * are handed to them now.
 */
export async function peopleOfProject(tx: Tx, projectId: string): Promise<Person[]> {
  const people = await tx
    .selectFrom('people as p')
    .leftJoin(heldRoles(tx, projectId).as('r'), 'r.person_id', 'p.id')
    .where('p.left_at', 'is', null)
    .select([
      'p.id',
      'p.handle',
      sql<string[]>`coalesce(array_agg(r.role) filter (where r.role is not null), '{}')`.as('roles'),
    ])
    .groupBy(['p.id', 'p.handle'])
    .execute();
  const absent = await currentAbsences(tx);
  return people.map((person) => {
    const handedOn = absent.filter(({ delegateId }) => delegateId === person.id).map(({ personId }) => personId);
    const standsFor = people.filter(({ id }) => handedOn.includes(id));
    return standsFor.length === 0 ? person : { ...person, standsFor };
  });
}

/** Names of the organisation's people as they are displayed, by handle. */
export const displayNames = async (tx: Tx): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await tx.selectFrom('people').select(['handle', 'name']).where('left_at', 'is', null).execute()).map(
      ({ handle, name }) => [handle, name],
    ),
  );

/** `peopleOfProject`, read once a project. */
export function peopleByProject(tx: Tx): (projectId: string) => Promise<readonly Person[]> {
  const known = new Map<string, Promise<readonly Person[]>>();
  return (projectId) => {
    const people = known.get(projectId) ?? peopleOfProject(tx, projectId);
    known.set(projectId, people);
    return people;
  };
}

/** A person as a decision knows them; null for one who is not there. */
export const personOfProject = async (tx: Tx, projectId: string, personId: string): Promise<Person | null> =>
  (await peopleOfProject(tx, projectId)).find(({ id }) => id === personId) ?? null;

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
    // Who asked, or met a limit, has begun what the next one finished.
    .where('t.status', 'in', ['asked', 'limited', 'succeeded'])
    .orderBy('a.name')
    .execute();
  const made = rows.filter((row) => done.get(row.step) === row.runId).map(({ agent, ownerId }) => ({ agent, ownerId }));
  return [...new Map(made.map((contributor) => [contributor.agent, contributor])).values()];
}

export interface NewApproval {
  readonly organisationId: string;
  readonly runId: string;
  readonly step: string;
  readonly purpose: 'step' | 'act' | 'land';
  readonly requirements: readonly Requirement[];
  readonly risk: Risk | null;
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

export interface OpenedApproval extends OpenApproval {
  readonly id: string;
  /** Appended to the keys of its events; empty for the first approval of a step. */
  readonly keySuffix: string;
}

/** Opens an approval. While one of the step is open, asking again changes nothing and returns that one. */
export async function insertApproval(tx: Tx, approval: NewApproval): Promise<OpenedApproval> {
  await tx
    .insertInto('approvals')
    .values({
      organisation_id: approval.organisationId,
      run_id: approval.runId,
      step: approval.step,
      purpose: approval.purpose,
      requirements: JSON.stringify(approval.requirements),
      risk: approval.risk && JSON.stringify(approval.risk),
      excluded: [...approval.excluded],
      sole_member: approval.soleMember,
      repository_id: approval.change?.repositoryId ?? null,
      base: approval.change?.base ?? null,
      commit: approval.change?.commit ?? null,
      patch_id: approval.change?.patchId ?? null,
      expires_at: approval.expiresAt,
    })
    .onConflict((conflict) => conflict.columns(['run_id', 'step']).where('status', '=', 'open').doNothing())
    .execute();
  return newestApproval(tx, approval.runId, approval.step);
}

/** The newest approval of a step. A step asks again where its change has become another. */
export async function newestApproval(tx: Tx, runId: string, step: string) {
  const newest = await findNewestApproval(tx, runId, step);
  if (!newest) throw new BatonError('approval-not-found', `The step ${step} has asked for no approval.`);
  return newest;
}

export async function findNewestApproval(tx: Tx, runId: string, step: string) {
  const [newest, ...earlier] = await tx
    .selectFrom('approvals')
    .select(['id', 'requirements', 'excluded', 'commit', 'patch_id as patchId', 'sole_member as soleMember'])
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .orderBy('requested_at', 'desc')
    .execute();
  return newest && { ...newest, keySuffix: earlier.length === 0 ? '' : `/${newest.id}` };
}

export interface GrantedApproval extends GivenApproval {
  readonly step: string;
  readonly purpose: 'step' | 'act' | 'land';
  /** The repository whose change was approved; null where there was none. */
  readonly repositoryId: string | null;
  readonly risk: Risk | null;
  /** Handles of those who said yes, in their order. */
  readonly approvers: readonly string[];
}

/** The approvals that people gave a run, or the runs that it took results over from, with who gave them. */
export async function grantedApprovals(tx: Tx, runId: string): Promise<GrantedApproval[]> {
  const done = await whereStepsWereDone(tx, runId);
  const rows = await tx
    .selectFrom('approvals as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .select([
      'a.id',
      'a.run_id as runId',
      'r.project_id as projectId',
      'a.step',
      'a.purpose',
      'a.requirements',
      'a.risk',
      'a.excluded',
      'a.repository_id as repositoryId',
      'a.patch_id as patchId',
    ])
    .where('a.run_id', 'in', [runId, ...new Set(done.values())])
    .where('a.status', '=', 'approved')
    .orderBy('a.settled_at')
    .execute();
  const people = peopleByProject(tx);
  const granted: GrantedApproval[] = [];
  for (const { id, runId: of, projectId, ...approval } of rows) {
    if (done.get(approval.step) !== of) continue;
    const decisions = await decisionsOf(tx, id, await people(projectId));
    const approvers = decisions.filter(({ verdict }) => verdict === 'approve').map(({ by }) => by.handle);
    granted.push({ ...approval, decisions, approvers });
  }
  return granted;
}

export interface ApprovalToDecide {
  readonly status: 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  readonly step: string;
  readonly projectId: string;
  readonly workflowId: string;
}

/** What it takes to bring a decision to its run, and no more: people wait for it. Throws `approval-not-found`. */
export async function approvalToDecide(tx: Tx, id: string): Promise<ApprovalToDecide> {
  const approval = await tx
    .selectFrom('approvals as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .select(['a.status', 'a.step', 'r.project_id as projectId', 'r.workflow_id as workflowId'])
    .where('a.id', '=', id)
    .executeTakeFirst();
  if (!approval) throw approvalNotFound(id);
  return approval;
}

export const approvalNotFound = (id: string): BatonError =>
  new BatonError('approval-not-found', `There is no approval ${id}.`);

/**
 * The tier that a person gave a run, or else the run that called it; null: that of the rules. What was given to the run that
 * this one repeats only raises the risk: a lower one was for what people had seen then.
 */
export async function riskOverrideOf(tx: Tx, runId: string): Promise<RiskOverride | null> {
  const run = await tx
    .selectFrom('runs')
    .select(['risk_override as own', 'parent_id as caller', 'rerun_of as earlier'])
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  if (run.own) return run.own;
  if (run.caller !== null) return riskOverrideOf(tx, run.caller);
  const earlier = run.earlier === null ? null : await riskOverrideOf(tx, run.earlier);
  return earlier && { ...earlier, onlyRaises: true };
}

export interface MadeDecision extends Decision {
  readonly at: Date;
}

/** The decisions of an approval, each by the person as they then were. */
export async function decisionsOf(
  tx: Tx,
  approvalId: string,
  people: readonly Person[],
): Promise<readonly MadeDecision[]> {
  const rows = await tx
    .selectFrom('decisions as d')
    .innerJoin('people as p', 'p.id', 'd.person_id')
    .select(['p.id', 'p.handle', 'd.person', 'd.verdict', 'd.note', 'd.created_at as at'])
    .where('d.approval_id', '=', approvalId)
    .orderBy('d.created_at')
    .execute();
  return rows.map(({ id, handle, person, ...row }) => ({
    ...row,
    by: person ?? people.find((one) => one.id === id) ?? { id, handle, roles: [] },
  }));
}
