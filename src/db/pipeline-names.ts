import type { Json } from '../domain/json.js';
import { newestVersions } from './newest-version.js';
import type { Tx } from './connection.js';

/** The pipelines of a project whose newest version names a repository, in a trigger or a step. */
export async function pipelinesNaming(tx: Tx, projectId: string, repository: string): Promise<string[]> {
  const rows = await newestVersions(tx)
    .select(['p.name', 'v.plan'])
    .where('p.project_id', '=', projectId)
    .where('p.state', '<>', 'archived')
    .orderBy('p.name')
    .execute();
  return rows.filter(({ plan }) => names(plan as unknown as Json, repository)).map(({ name }) => name);
}

const KEYS = ['repository', 'repositories', 'repo', 'repos'];

/** Whether a field that is about repositories is the name, or a list with it. */
function names(value: Json, repository: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item: Json) => names(item, repository));
  return Object.entries(value).some(
    ([key, item]) =>
      (KEYS.includes(key) && (item === repository || (Array.isArray(item) && item.includes(repository)))) ||
      names(item, repository),
  );
}
