import type { Candidate } from '../domain/candidate.js';
import { repositoryDenial, tellDenial, type PermissionLayer } from '../domain/permissions.js';
import type { Tx } from './connection.js';

function barOf(agent: string, given: PermissionLayer, repository: string): string | null {
  const denial = repositoryDenial({ agent, given }, repository);
  return denial && tellDenial(denial);
}

/** The agents of a project, as they are for work in a repository; null: in none. */
export async function candidates(tx: Tx, projectId: string, repository: string | null): Promise<Candidate[]> {
  const agents = await tx
    .selectFrom('agents')
    .select(['id', 'name', 'roles', 'status', 'risk_level as riskLevel', 'permissions'])
    .where('project_id', '=', projectId)
    .execute();
  const capabilities = await tx
    .selectFrom('capabilities as c')
    .innerJoin('agents as a', 'a.id', 'c.agent_id')
    .select(['c.agent_id', 'c.name'])
    .where('a.project_id', '=', projectId)
    .execute();
  return agents.map(({ permissions, ...agent }) => ({
    ...agent,
    barred: repository === null ? null : barOf(agent.name, permissions, repository),
    capabilities: capabilities.filter(({ agent_id }) => agent_id === agent.id).map(({ name }) => name),
  }));
}
