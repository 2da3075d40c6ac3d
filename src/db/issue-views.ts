import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import { groupBy } from './group-by.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';
import type { Repository } from './repositories.js';

export interface IssueFilter extends PageRequest {
  readonly repositoryId: string;
  readonly number?: number;
  readonly state?: 'open' | 'closed' | undefined;
  readonly label?: string | undefined;
}

/** Issues of a repository, newest first, with the runs that they started. */
export async function listIssues(tx: Tx, filter: IssueFilter) {
  const before = decodeCursor('issues', 'number', filter.cursor);
  let query = tx
    .selectFrom('issues as i')
    .innerJoin('repositories as r', 'r.id', 'i.repository_id')
    .innerJoin('people as p', 'p.id', 'i.author_id')
    .select([
      'i.id',
      'r.name as repository',
      'i.number',
      'i.title',
      'i.body',
      'i.acceptance_criteria as acceptanceCriteria',
      'i.labels',
      'i.state',
      'p.handle as author',
      'i.created_at as createdAt',
    ])
    .where('i.repository_id', '=', filter.repositoryId)
    .orderBy('i.number', 'desc')
    .limit(filter.limit + 1);
  if (before !== null) query = query.where('i.number', '<', Number(before));
  if (filter.number !== undefined) query = query.where('i.number', '=', filter.number);
  if (filter.state) query = query.where('i.state', '=', filter.state);
  if (filter.label !== undefined) query = query.where((eb) => eb(eb.val(filter.label), '=', eb.fn.any('i.labels')));
  const page = pageOf('issues', await query.execute(), filter.limit, ({ number }) => number);
  const runs = await runsOf(
    tx,
    page.items.map(({ id }) => id),
  );
  return {
    items: page.items.map((issue) => {
      const own = runs.get(issue.id) ?? [];
      return { ...issue, runs: own.map(({ count: _, ...run }) => run), runCount: own[0]?.count ?? 0 };
    }),
    next: page.next,
  };
}

/** Throws `issue-not-found`. */
export async function getIssue(tx: Tx, repository: Pick<Repository, 'id' | 'name'>, number: number) {
  const { items } = await listIssues(tx, { repositoryId: repository.id, number, limit: 1 });
  if (!items[0]) throw new BatonError('issue-not-found', `The repository ${repository.name} has no issue #${number}.`);
  return items[0];
}

const MAX_COMMENTS = 1_000;

/** The comments of an issue, oldest first. Throws `issue-not-found`. */
export async function listIssueComments(tx: Tx, repository: Pick<Repository, 'id' | 'name'>, number: number) {
  const { id } = await getIssue(tx, repository, number);
  const items = await tx
    .selectFrom('issue_comments')
    .select(['id', 'author', 'body', 'created_at as createdAt'])
    .where('issue_id', '=', id)
    .orderBy('created_at')
    .limit(MAX_COMMENTS)
    .execute();
  return { items };
}

const MAX_RUNS = 20;

/** The newest runs of each issue, and how many there are. */
async function runsOf(tx: Tx, issueIds: readonly string[]) {
  if (issueIds.length === 0) return new Map<string, never>();
  const ranked = tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .select(['r.issue_id as issueId', 'r.id', 'r.number', 'p.name as pipeline', 'r.status'])
    .select([
      sql<number>`row_number() over (partition by r.issue_id order by r.number desc)`.as('place'),
      sql<number>`count(*) over (partition by r.issue_id)`.as('count'),
    ])
    .where('r.issue_id', 'in', issueIds);
  const rows = await tx
    .selectFrom(ranked.as('ranked'))
    .selectAll()
    .where('place', '<=', MAX_RUNS)
    .orderBy('number', 'desc')
    .execute();
  const byIssue = groupBy(rows, ({ issueId }) => issueId);
  return new Map([...byIssue].map(([id, runs]) => [id, runs.map(({ issueId: _, place: _place, ...run }) => run)]));
}

/** What an earlier request with this key did: the number of the issue that it opened, and the runs that it started. */
export async function findByRequest(tx: Tx, key: string): Promise<{ number: number | null; runs: string[] }> {
  const events = await tx
    .selectFrom('events')
    .select(['id', 'type', 'payload'])
    .where((eb) =>
      eb.or([eb('key', '=', `${key}/created`), eb(eb.fn('starts_with', ['key', eb.val(`${key}/label/`)]), '=', true)]),
    )
    .execute();
  if (events.length === 0) return { number: null, runs: [] };
  const runs = await tx
    .selectFrom('runs')
    .select('id')
    .where((eb) =>
      eb(
        eb.ref('trigger', '->>').key('event'),
        'in',
        events.map(({ id }) => String(id)),
      ),
    )
    .orderBy('number')
    .execute();
  const opened = events.find(({ type }) => type === 'issue.created');
  return { number: opened ? Number(opened.payload['number']) : null, runs: runs.map(({ id }) => id) };
}
