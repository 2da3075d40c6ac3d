import { sql } from 'kysely';
import {
  evaluateApproval,
  explainApproval,
  mayDecide,
  refuseDecision,
  type ApprovalState,
  type Person,
} from '../domain/approval.js';
import { currentAbsences } from './absences.js';
import { approvalNotFound, decisionsOf, peopleByProject, type MadeDecision } from './approvals.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type Page, type PageRequest } from './cursor.js';
import { evidenceOf } from './evidence.js';
import type { FindingView, GateView } from './gate-views.js';
import type { Principal } from './people.js';
import { coverageOfRun } from './scan-coverage.js';
import { briefingOf } from './run-views.js';
import { waitingApprovals } from './waiting-approvals.js';

/** Who looks: an approval says whether they can decide it. */
export type Viewer = Pick<Principal, 'personId' | 'role'>;

export interface ApprovalFilter extends PageRequest {
  readonly id?: string;
  /** `settled` is any but open, the last settled first. */
  readonly status?: 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled' | 'settled' | undefined;
  /** Open ones that wait for the viewer, or for others. */
  readonly waiting?: 'me' | 'others' | undefined;
  /** By when they were asked for, or the riskiest and of those the oldest first; the newest first where left out. */
  readonly order?: 'newest' | 'oldest' | 'risk' | undefined;
  /** Id of a run. */
  readonly run?: string;
}

export type ApprovalView = ReturnType<typeof toApproval> & {
  readonly comments: readonly CommentView[];
  readonly change: ChangeView | null;
};

/** Approvals with the facts that a decision rests on. */
export async function listApprovals(tx: Tx, filter: ApprovalFilter, viewer: Viewer): Promise<Page<ApprovalView>> {
  const before = decodeCursor('approvals', 'uuid', filter.cursor);
  const at = filter.status === 'settled' ? 'settled_at' : 'requested_at';
  const [direction, beyond] =
    filter.order === 'oldest' || filter.order === 'risk' ? (['asc', sql`>`] as const) : (['desc', sql`<`] as const);
  const byRisk = filter.order === 'risk';
  const place = (table: 'a' | 'b') =>
    sql`${byRisk ? sql`${riskRank(table)}, ` : sql``}${sql.ref(`${table}.${at}`)}, ${sql.ref(`${table}.id`)}`;
  let query = approvalRows(tx)
    .$if(byRisk, (rows) => rows.orderBy(riskRank('a'), direction))
    .orderBy(`a.${at}`, direction)
    .orderBy('a.id', direction)
    .limit(filter.limit + 1);
  if (before !== null) {
    query = query.where(
      sql<boolean>`(${place('a')}) ${beyond} (select ${place('b')} from approvals b where b.id = ${before}::uuid)`,
    );
  }
  if (filter.id !== undefined) query = query.where('a.id', '=', filter.id);
  if (filter.status === 'settled') query = query.where('a.status', '<>', 'open').where('a.settled_at', 'is not', null);
  else if (filter.status) query = query.where('a.status', '=', filter.status);
  if (filter.waiting) {
    const ids = (await waitingApprovals(tx, viewer))[filter.waiting];
    query = query.where((eb) => eb('a.id', '=', eb.fn.any(eb.val(ids))));
  }
  if (filter.run !== undefined) query = query.where('a.run_id', '=', filter.run);
  const rows = await query.execute();
  const page = pageOf('approvals', rows, filter.limit, ({ id }) => id);

  const people = peopleByProject(tx);
  const away = new Map((await currentAbsences(tx)).map(({ personId, endsAt }) => [personId, endsAt]));
  const items: ApprovalView[] = [];
  for (const row of page.items) {
    const known = await people(row.projectId);
    items.push({
      ...toApproval(row, known, await decisionsOf(tx, row.id, known), viewer, away),
      comments: await commentsOf(tx, row.id),
      change: await changeOf(tx, row),
    });
  }
  return { items, next: page.next };
}

/** One approval. Throws `approval-not-found`. */
export async function getApproval(tx: Tx, id: string, viewer: Viewer): Promise<ApprovalView> {
  const { items } = await listApprovals(tx, { id, limit: 1 }, viewer);
  if (!items[0]) throw approvalNotFound(id);
  return items[0];
}

const approvalRows = (tx: Tx) =>
  tx
    .selectFrom('approvals as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .innerJoin('people as who', 'who.id', 'r.requested_by')
    .innerJoin('steps as s', (join) =>
      join.onRef('s.run_id', '=', 'a.run_id').onRef('s.step', '=', 'a.step').on('s.item', 'is', null),
    )
    .leftJoin('repositories as repo', 'repo.id', 'a.repository_id')
    .leftJoin('repositories as home', 'home.id', 'r.repository_id')
    .leftJoin('issues as i', 'i.id', 'r.issue_id')
    .select([
      'a.id',
      'a.run_id as runId',
      'a.step',
      'a.status',
      'a.purpose',
      'a.requirements',
      'a.risk',
      'a.excluded',
      'a.sole_member as soleMember',
      'a.repository_id as repositoryId',
      'a.base',
      'a.commit',
      'a.patch_id as patchId',
      'a.requested_at as requestedAt',
      'a.expires_at as expiresAt',
      'a.settled_at as settledAt',
      'r.number',
      'r.status as runStatus',
      'r.paused',
      'r.briefing',
      coverageOfRun(sql.ref('r.id')).as('coverage'),
      'r.project_id as projectId',
      'r.branch',
      'p.name as pipeline',
      'home.name as runRepository',
      'repo.name as repository',
      'i.number as issueNumber',
      'i.title as issueTitle',
      'who.handle as requestedBy',
      's.name as stepName',
    ]);

type ApprovalRow = Awaited<ReturnType<ReturnType<typeof approvalRows>['execute']>>[number];

interface CommentView {
  readonly by: string;
  readonly body: string;
  readonly at: Date;
}

const commentsOf = (tx: Tx, approvalId: string): Promise<CommentView[]> =>
  tx
    .selectFrom('approval_comments as c')
    .innerJoin('people as p', 'p.id', 'c.person_id')
    .select(['p.handle as by', 'c.body', 'c.created_at as at'])
    .where('c.approval_id', '=', approvalId)
    .orderBy('c.created_at')
    .execute();

/** Unknown risk counts as high. */
const riskRank = (table: 'a' | 'b') =>
  sql<number>`case ${sql.ref(`${table}.risk`)} ->> 'tier' when 'low' then 2 when 'medium' then 1 else 0 end`;

function toApproval(
  row: ApprovalRow,
  people: readonly Person[],
  decisions: readonly MadeDecision[],
  viewer: Viewer,
  away: ReadonlyMap<string, Date>,
) {
  const asked = { requirements: row.requirements, excluded: row.excluded };
  const open = row.status === 'open';
  const refusal = (by: Person) =>
    open
      ? refuseDecision(asked, decisions, { by, verdict: 'approve', note: null })
      : { code: 'approval-not-open', message: `This approval is ${row.status}` };
  const standing: ApprovalState = evaluateApproval(asked, decisions);
  const self = people.find(({ id }) => id === viewer.personId);
  const able = people.filter((person) => mayDecide(asked, person) && refusal(person) === null);
  return {
    id: row.id,
    run: {
      id: row.runId,
      number: row.number,
      status: row.runStatus,
      paused: row.paused,
      briefing: briefingOf(row),
      pipeline: row.pipeline,
      repository: row.runRepository,
      issue: row.issueNumber === null ? null : { number: row.issueNumber, title: row.issueTitle ?? '' },
      requestedBy: row.requestedBy,
    },
    step: { id: row.step, name: row.stepName },
    status: row.status,
    purpose: row.purpose,
    risk: row.risk,
    requirements: explainApproval(asked, decisions).map(({ requirement, by, missing }) => ({
      ...requirement,
      by,
      missing: open ? missing : null,
      canSatisfy: able
        .filter((person) => mayDecide({ ...asked, requirements: [requirement] }, person))
        .map(({ handle }) => handle),
    })),
    missing: open && standing.kind === 'open' ? standing.missing : null,
    soleMember: row.soleMember,
    excluded: people.filter(({ id }) => row.excluded.includes(id)).map(({ handle }) => handle),
    canDecide: able.map(({ id, handle, roles, standsFor = [] }) => ({
      id,
      handle,
      roles,
      inPlaceOf: standsFor.map((absent) => absent.handle),
      awayUntil: away.get(id) ?? null,
    })),
    refusal:
      self && viewer.role !== 'reader' ? refusal(self) : { code: 'role-too-low', message: 'Your role may only look' },
    decisions: decisions.map(({ by, verdict, note, at }) => ({
      by: by.handle,
      inPlaceOf: (by.standsFor ?? []).map(({ handle }) => handle),
      verdict,
      note,
      at,
    })),
    requestedAt: row.requestedAt,
    expiresAt: row.expiresAt,
    settledAt: row.settledAt,
  };
}

interface ChangeView {
  readonly repository: string;
  readonly base: string | null;
  readonly commit: string | null;
  readonly patchId: string | null;
  readonly branch: string | null;
  readonly pullRequest: number | null;
  readonly gates: readonly GateView[];
  readonly findings: readonly FindingView[];
}

/** The change that is decided on: the newest result of each gate, and what reviewers found in the attempts that count. */
async function changeOf(tx: Tx, row: ApprovalRow): Promise<ChangeView | null> {
  if (row.repository === null || row.repositoryId === null) return null;
  const { gates, findings } = await evidenceOf(tx, row.runId);
  const pullRequest =
    row.branch === null
      ? undefined
      : await tx
          .selectFrom('pull_requests')
          .select('number')
          .where('repository_id', '=', row.repositoryId)
          .where('head', '=', row.branch)
          .orderBy('number', 'desc')
          .executeTakeFirst();
  return {
    repository: row.repository,
    base: row.base,
    commit: row.commit,
    patchId: row.patchId,
    branch: row.branch,
    pullRequest: pullRequest?.number ?? null,
    gates,
    findings,
  };
}

/** The decision that a person has made, null where they made none. */
export async function decisionOf(tx: Tx, approvalId: string, personId: string): Promise<'approve' | 'reject' | null> {
  const row = await tx
    .selectFrom('decisions')
    .select('verdict')
    .where('approval_id', '=', approvalId)
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row?.verdict ?? null;
}
