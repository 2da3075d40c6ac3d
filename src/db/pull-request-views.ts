import { groupBy } from './group-by.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

export interface PullRequestFilter extends PageRequest {
  readonly repositoryId?: string;
  readonly runId?: string;
  readonly number?: number;
  readonly state?: 'open' | 'merged' | 'closed' | undefined;
}

/** Pull requests, newest first, with their reviews. */
export async function listPullRequests(tx: Tx, filter: PullRequestFilter) {
  const before = decodeCursor('pull-requests', 'number', filter.cursor);
  let query = tx
    .selectFrom('pull_requests as q')
    .innerJoin('repositories as r', 'r.id', 'q.repository_id')
    .leftJoin('runs', 'runs.id', 'q.run_id')
    .select([
      'q.id',
      'r.name as repository',
      'q.number',
      'q.title',
      'q.body',
      'q.head',
      'q.base',
      'q.state',
      'q.labels',
      'q.reviewers',
      'runs.number as run',
      'q.merged_commit as mergedCommit',
      'q.created_at as createdAt',
      'q.merged_at as mergedAt',
    ])
    .orderBy('q.number', 'desc')
    .limit(filter.limit + 1);
  if (before !== null) query = query.where('q.number', '<', Number(before));
  if (filter.repositoryId !== undefined) query = query.where('q.repository_id', '=', filter.repositoryId);
  if (filter.runId !== undefined) query = query.where('q.run_id', '=', filter.runId);
  if (filter.number !== undefined) query = query.where('q.number', '=', filter.number);
  if (filter.state) query = query.where('q.state', '=', filter.state);
  const page = pageOf('pull-requests', await query.execute(), filter.limit, ({ number }) => number);
  const ids = page.items.map(({ id }) => id);
  const reviews = await reviewsOf(tx, ids);
  const comments = await commentsOf(tx, ids);
  return {
    items: page.items.map((item) => ({
      ...item,
      reviews: reviews.get(item.id) ?? [],
      comments: comments.get(item.id) ?? [],
    })),
    next: page.next,
  };
}

async function reviewsOf(tx: Tx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await tx
    .selectFrom('reviews')
    .select(['pull_request_id as of', 'author', 'verdict', 'body', 'created_at as at'])
    .where('pull_request_id', 'in', ids)
    .orderBy('created_at')
    .execute();
  return new Map(
    [...groupBy(rows, ({ of }) => of)].map(([id, found]) => [id, found.map(({ of: _, ...review }) => review)]),
  );
}

async function commentsOf(tx: Tx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await tx
    .selectFrom('review_comments')
    .select(['pull_request_id as of', 'author', 'commit', 'file', 'line', 'body', 'created_at as at'])
    .where('pull_request_id', 'in', ids)
    .orderBy('file')
    .orderBy('line')
    .orderBy('created_at')
    .execute();
  return new Map(
    [...groupBy(rows, ({ of }) => of)].map(([id, found]) => [id, found.map(({ of: _, ...comment }) => comment)]),
  );
}
