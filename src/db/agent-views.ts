import { sql } from 'kysely';
import type { ActionMode } from '../domain/catalogue.js';
import type { JsonObject } from '../domain/json.js';
import { permissionsOf } from '../domain/permissions.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf } from './cursor.js';
import type { ProjectFilter } from './repository-views.js';

interface CapabilityView {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject | null;
  readonly outputSchema: JsonObject | null;
  readonly mode: ActionMode | null;
  readonly pullRequest: boolean;
}

/** Agents by name, with what they can do and what they did. How one is started is not shown: it may name secrets. */
export async function listAgents(tx: Tx, filter: ProjectFilter & { readonly name?: string }) {
  const after = decodeCursor('agents', 'uuid', filter.cursor);
  let query = tx
    .selectFrom('agents as a')
    .innerJoin('projects as pr', 'pr.id', 'a.project_id')
    .leftJoin('people as p', 'p.id', 'a.owner_id')
    .select([
      'a.id',
      'pr.name as project',
      'a.name',
      'a.type',
      'a.kind',
      'a.adapter',
      'a.roles',
      'a.description',
      'a.version',
      'a.risk_level as riskLevel',
      'a.status',
      'p.handle as owner',
      'a.limits',
      'a.permissions',
      'a.created_at as createdAt',
      sql<CapabilityView[]>`coalesce((select jsonb_agg(jsonb_build_object('name', c.name, 'description', c.description,
        'inputSchema', c.input_schema, 'outputSchema', c.output_schema, 'mode', c.mode, 'pullRequest', c.pull_request) order by c.name) from capabilities c where c.agent_id = a.id), '[]')`.as(
        'capabilities',
      ),
      sql<{ total: number; succeeded: number; running: number }>`(select jsonb_build_object('total', count(*),
        'succeeded', count(*) filter (where t.status = 'succeeded'), 'running', count(*) filter (where t.status = 'running'))
        from attempts t where t.agent_id = a.id)`.as('attempts'),
    ])
    .orderBy('a.name')
    .orderBy('a.id')
    .limit(filter.limit + 1);
  if (after !== null)
    query = query.where(sql<boolean>`(a.name, a.id) > (select b.name, b.id from agents b where b.id = ${after}::uuid)`);
  if (filter.name !== undefined) query = query.where('a.name', '=', filter.name);
  if (filter.project !== undefined) query = query.where('pr.name', '=', filter.project);
  const rows = (await query.execute()).map((row) => ({ ...row, permissions: permissionsOf(row.permissions) }));
  return pageOf('agents', rows, filter.limit, ({ id }) => id);
}
