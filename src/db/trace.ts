import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import { requireRepository } from './project-views.js';
import { getRun, requireRunId, startedRuns } from './run-views.js';

interface Found {
  readonly commit: string;
  readonly kind: 'step' | 'attempt' | 'merge';
  readonly runId: string;
  readonly step: string | null;
  readonly item: number | null;
  readonly attempt: number | null;
}

export interface TraceRequest {
  /** A commit (7 hex digits or more), a run (`#7`, its id or workflow id), or an issue (`repository#3`). */
  readonly reference: string;
  readonly project: string | undefined;
}

/**
 * Whose work something is, from the record (R8.10): from a commit to the step or merge that made it, its run, task, issue,
 * the person who asked and the people who approved; and back, from a run or an issue to all that came of it.
 * Throws `commit-not-found`, `commit-ambiguous`, `run-not-found`, `issue-not-found`, `nothing-made`.
 */
export async function traceReference(tx: Tx, { reference, project }: TraceRequest) {
  if (/^[0-9a-f]{7,64}$/i.test(reference)) {
    const found = await findCommit(tx, reference.toLowerCase());
    const { commit, kind, runId } = found;
    return { commit, kind, step: await stepOf(tx, found), ...(await whatRunsMade(tx, [runId])) };
  }
  const [, repository, number] = /^([^/#]+)#(\d{1,9})$/.exec(reference) ?? [];
  if (repository !== undefined) {
    const runIds = await runsOfIssue(tx, repository, Number(number), project);
    return { commit: null, kind: 'issue' as const, step: null, ...(await whatRunsMade(tx, runIds)) };
  }
  const runId = await requireRunId(tx, reference);
  return { commit: null, kind: 'run' as const, step: null, ...(await whatRunsMade(tx, [runId])) };
}

/** Newest first, at least one. */
async function runsOfIssue(tx: Tx, name: string, number: number, project: string | undefined): Promise<string[]> {
  const repository = await requireRepository(tx, name, project);
  const rows = await tx
    .selectFrom('issues as i')
    .leftJoin('runs as r', 'r.issue_id', 'i.id')
    .select('r.id')
    .where('i.repository_id', '=', repository.id)
    .where('i.number', '=', number)
    .orderBy('r.number', 'desc')
    .execute();
  if (rows.length === 0) throw new BatonError('issue-not-found', `The repository ${name} has no issue #${number}.`);
  const runs = rows.flatMap(({ id }) => id ?? []);
  if (runs.length === 0) throw new BatonError('nothing-made', `No run has worked on ${name}#${number} yet.`);
  return runs;
}

/** What came of runs, newest first: of the first of them, who and what it was for. */
async function whatRunsMade(tx: Tx, runIds: readonly string[]) {
  const [newest] = runIds;
  const { id, number, pipeline, workflowId, status, repository, task, requestedBy } = await getRun(tx, newest!);
  const pullRequests = await tx
    .selectFrom('pull_requests as q')
    .innerJoin('repositories as repo', 'repo.id', 'q.repository_id')
    .innerJoin('runs as r', 'r.id', 'q.run_id')
    .select(['repo.name as repository', 'q.number', 'q.title', 'q.state', 'q.merged_commit as mergedCommit'])
    .select('r.number as run')
    .where('q.run_id', 'in', runIds)
    .orderBy('r.number', 'desc')
    .orderBy('q.number', 'desc')
    .execute();
  return {
    repository,
    run: { id, number, pipeline: pipeline.name, workflowId, status },
    runs: await startedRuns(tx, runIds),
    task,
    issue: await issueOf(tx, id),
    requestedBy: { handle: requestedBy.handle, name: requestedBy.name },
    approvals: await approvalsOf(tx, runIds),
    pullRequest: pullRequests[0] ?? null,
    pullRequests,
    commits: await commitsOf(tx, runIds),
  };
}

async function issueOf(tx: Tx, runId: string) {
  const issue = await tx
    .selectFrom('runs as r')
    .innerJoin('issues as i', 'i.id', 'r.issue_id')
    .innerJoin('people as author', 'author.id', 'i.author_id')
    .select(['i.number', 'i.title', 'author.handle as author', 'author.name as authorName'])
    .where('r.id', '=', runId)
    .executeTakeFirst();
  return issue ?? null;
}

async function findCommit(tx: Tx, prefix: string): Promise<Found> {
  const { rows } = await sql<Found & { rank: number }>`
    select distinct on (commit) commit, kind, run_id as "runId", step, item, attempt from (
      select merged_commit as commit, 'merge' as kind, run_id, null as step, null::int as item, null::int as attempt, 0 as rank
        from pull_requests where merged_commit like ${prefix} || '%' and run_id is not null
      union all
      select s.commit, 'step', s.run_id, s.step, s.item, (select max(t.attempt) from attempts t
          where t.run_id = s.run_id and t.step = s.step and t.item is not distinct from s.item and t.status = 'succeeded'), 1
        from steps s join runs r on r.id = s.run_id where s.commit like ${prefix} || '%' and s.kind = 'agent'
      union all
      select t.commit, 'attempt', t.run_id, t.step, t.item, t.attempt, 2 from attempts t where t.commit like ${prefix} || '%'
      union all
      select s.commit, 'step', s.run_id, s.step, s.item, null, 3 from steps s where s.commit like ${prefix} || '%' and s.kind <> 'agent'
    ) as known order by commit, rank, (select number from runs where id = run_id) limit 2`.execute(tx);
  if (!rows[0]) {
    throw new BatonError(
      'commit-not-found',
      `No run made the commit ${prefix}: it was made by hand, or by another organisation's Baton.`,
    );
  }
  if (rows[1]) throw new BatonError('commit-ambiguous', `Several commits begin with ${prefix}; give more of it.`);
  return rows[0];
}

async function stepOf(tx: Tx, { runId, step, item, attempt }: Found) {
  if (step === null) return null;
  const row = await tx
    .selectFrom('steps as s')
    .leftJoin('attempts as t', (join) =>
      join
        .onRef('t.run_id', '=', 's.run_id')
        .onRef('t.step', '=', 's.step')
        .on('t.item', 'is not distinct from', item)
        .on('t.attempt', '=', attempt ?? 0),
    )
    .leftJoin('agents as a', 'a.id', 't.agent_id')
    .select(['s.name', 'a.name as agent'])
    .where('s.run_id', '=', runId)
    .where('s.step', '=', step)
    .where('s.item', 'is not distinct from', item)
    .executeTakeFirst();
  return { id: step, name: row?.name ?? step, agent: row?.agent ?? null, attempt };
}

const approvalsOf = (tx: Tx, runIds: readonly string[]) =>
  tx
    .selectFrom('decisions as d')
    .innerJoin('approvals as a', 'a.id', 'd.approval_id')
    .innerJoin('people as p', 'p.id', 'd.person_id')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .select(['r.number as run', 'a.step', 'p.handle as by', 'd.verdict', 'd.note', 'd.created_at as at'])
    .where('a.run_id', 'in', runIds)
    .orderBy('d.created_at')
    .execute();

async function commitsOf(tx: Tx, runIds: readonly string[]) {
  const rows = await tx
    .selectFrom('steps as s')
    .leftJoin('attempts as t', (join) =>
      join
        .onRef('t.run_id', '=', 's.run_id')
        .onRef('t.step', '=', 's.step')
        .on('t.item', 'is not distinct from', (eb) => eb.ref('s.item'))
        .on('t.status', '=', 'succeeded'),
    )
    .leftJoin('agents as a', 'a.id', 't.agent_id')
    .innerJoin('runs as r', 'r.id', 's.run_id')
    .select(['r.number as run', 's.commit', 's.step', 'a.name as agent'])
    .where('s.run_id', 'in', runIds)
    .where('s.commit', 'is not', null)
    .orderBy('r.number', 'desc')
    .orderBy('s.ended_at')
    .execute();
  return rows.map(({ commit, ...row }) => ({ commit: commit ?? '', ...row }));
}
