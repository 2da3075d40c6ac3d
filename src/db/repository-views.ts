import { sql } from 'kysely';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

export interface ProjectFilter extends PageRequest {
  readonly project?: string | undefined;
}

interface RepositoryFilter extends ProjectFilter {
  readonly id?: string;
  /** Those that are removed and can be brought back, in place of the others. */
  readonly removed?: 'true' | undefined;
}

/** Repositories by name, with what is open in each. */
export async function listRepositories(tx: Tx, filter: RepositoryFilter) {
  const after = decodeCursor('repositories', 'uuid', filter.cursor);
  let query = tx
    .selectFrom('repositories as r')
    .innerJoin('projects as p', 'p.id', 'r.project_id')
    .select([
      'r.id',
      'p.name as project',
      'r.name',
      'r.forge',
      'r.remote_url as remoteUrl',
      'r.source',
      'r.default_branch as defaultBranch',
      'r.protected_branches as protectedBranches',
      'r.created_at as createdAt',
      'r.removed_at as removedAt',
      sql<number>`(select count(*) from issues i where i.repository_id = r.id and i.state = 'open')`.as('openIssues'),
      sql<number>`(select count(*) from pull_requests q where q.repository_id = r.id and q.state = 'open')`.as(
        'openPullRequests',
      ),
    ])
    .orderBy('r.name')
    .orderBy('r.id')
    .limit(filter.limit + 1);
  if (after !== null)
    query = query.where(
      sql<boolean>`(r.name, r.id) > (select b.name, b.id from repositories b where b.id = ${after}::uuid)`,
    );
  if (filter.removed === 'true') query = query.where('r.removed_at', 'is not', null).where('r.remote_url', '<>', '');
  else if (filter.id === undefined) query = query.where('r.removed_at', 'is', null);
  if (filter.project !== undefined) query = query.where('p.name', '=', filter.project);
  if (filter.id !== undefined) query = query.where('r.id', '=', filter.id);
  return pageOf('repositories', await query.execute(), filter.limit, ({ id }) => id);
}
