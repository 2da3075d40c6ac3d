import { groupBy } from './group-by.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

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
  return { items: page.items.map((issue) => ({ ...issue, runs: runs.get(issue.id) ?? [] })), next: page.next };
}

async function runsOf(tx: Tx, issueIds: readonly string[]) {
  if (issueIds.length === 0) return new Map<string, never>();
  const rows = await tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .select(['r.issue_id as issueId', 'r.id', 'r.number', 'p.name as pipeline', 'r.status'])
    .where('r.issue_id', 'in', issueIds)
    .orderBy('r.number', 'desc')
    .execute();
  const byIssue = groupBy(rows, ({ issueId }) => issueId);
  return new Map([...byIssue].map(([issueId, runs]) => [issueId, runs.map(({ issueId: _, ...run }) => run)]));
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
