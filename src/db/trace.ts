import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';

interface Found {
  readonly commit: string;
  readonly kind: 'step' | 'attempt' | 'merge';
  readonly runId: string;
  readonly step: string | null;
  readonly item: number | null;
  readonly attempt: number | null;
}

/**
 * Whose work a commit is, from the record: the step or merge that made it, its run, task, issue, the person who asked
 * and the people who approved (R8.10). `prefix` is at least 7 hex digits. Throws `commit-not-found`, `commit-ambiguous`.
 */
export async function traceCommit(tx: Tx, prefix: string) {
  const found = await findCommit(tx, prefix.toLowerCase());
  const run = await tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .innerJoin('people as who', 'who.id', 'r.requested_by')
    .leftJoin('repositories as repo', 'repo.id', 'r.repository_id')
    .leftJoin('issues as i', 'i.id', 'r.issue_id')
    .leftJoin('people as author', 'author.id', 'i.author_id')
    .leftJoin('tasks as t', 't.id', 'r.task_id')
    .select([
      'r.id',
      'r.number',
      'r.workflow_id as workflowId',
      'r.status',
      'p.name as pipeline',
      'repo.name as repository',
      'who.handle',
      'who.name',
    ])
    .select([
      'i.number as issueNumber',
      'i.title as issueTitle',
      'author.handle as author',
      'author.name as authorName',
    ])
    .select(['t.id as taskId', 't.type as taskType', 't.title as taskTitle', 't.status as taskStatus'])
    .where('r.id', '=', found.runId)
    .executeTakeFirstOrThrow();
  const pullRequest = await tx
    .selectFrom('pull_requests')
    .select(['number', 'title', 'state', 'merged_commit as mergedCommit'])
    .where('run_id', '=', found.runId)
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return {
    commit: found.commit,
    kind: found.kind,
    repository: run.repository,
    step: await stepOf(tx, found),
    run: { id: run.id, number: run.number, pipeline: run.pipeline, workflowId: run.workflowId, status: run.status },
    task:
      run.taskId === null
        ? null
        : { id: run.taskId, type: run.taskType ?? '', title: run.taskTitle ?? '', status: run.taskStatus ?? '' },
    issue:
      run.issueNumber === null
        ? null
        : {
            number: run.issueNumber,
            title: run.issueTitle ?? '',
            author: run.author ?? '',
            authorName: run.authorName ?? '',
          },
    requestedBy: { handle: run.handle, name: run.name },
    approvals: await approvalsOf(tx, found.runId),
    pullRequest: pullRequest ?? null,
    commits: await commitsOf(tx, found.runId),
  };
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

const approvalsOf = (tx: Tx, runId: string) =>
  tx
    .selectFrom('decisions as d')
    .innerJoin('approvals as a', 'a.id', 'd.approval_id')
    .innerJoin('people as p', 'p.id', 'd.person_id')
    .select(['a.step', 'p.handle as by', 'd.verdict', 'd.note', 'd.created_at as at'])
    .where('a.run_id', '=', runId)
    .orderBy('d.created_at')
    .execute();

async function commitsOf(tx: Tx, runId: string) {
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
    .select(['s.commit', 's.step', 'a.name as agent'])
    .where('s.run_id', '=', runId)
    .where('s.commit', 'is not', null)
    .orderBy('s.ended_at')
    .execute();
  return rows.map(({ commit, ...row }) => ({ commit: commit ?? '', ...row }));
}
