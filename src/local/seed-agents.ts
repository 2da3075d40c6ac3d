import { saveAgent } from '../db/agents.js';
import type { Tx } from '../db/connection.js';
import { agentDefinition } from '../schema/agent.js';
import { readAgentFile } from './agent-file.js';
import { builtInAgentFile, shippedAgents } from './built-in-agents.js';

/** The built-in agents, as the project's own. One that is there, whoever has changed it, stays as it is. */
export async function seedAgents(tx: Tx, organisationId: string, projectId: string): Promise<void> {
  const known = await tx.selectFrom('agents').select('name').where('project_id', '=', projectId).execute();
  const missing = shippedAgents().filter((name) => !known.some((agent) => agent.name === name));
  for (const name of missing)
    for (const agent of await readAgentFile(builtInAgentFile(name)))
      await saveAgent(tx, { ...agentDefinition.parse(agent), organisationId, projectId, ownerId: null });
}
