import { listAgents } from '../../db/agent-views.js';
import { saveAgent } from '../../db/agents.js';
import { requireProject } from '../../db/project-views.js';
import { agentPage, agentQuery, newAgent, savedAgent } from '../../schema/api/agent.js';
import { route } from '../route.js';

export const agentRoutes = [
  route({
    method: 'get',
    path: '/agents',
    id: 'listAgents',
    tag: 'Agents',
    summary: 'Agents by name: what they can do, what they do now, how they fared',
    role: 'reader',
    query: agentQuery,
    response: agentPage,
    handle: ({ query, read }) => read((tx) => listAgents(tx, query)),
  }),
  route({
    method: 'post',
    path: '/agents',
    id: 'saveAgent',
    tag: 'Agents',
    summary:
      "Register an agent of the organisation, or bring the one of that name up to date; its program runs on the workers' hosts",
    role: 'admin',
    action: 'agent.save',
    body: newAgent,
    status: 201,
    response: savedAgent,
    handle: async ({ body: { project, ...agent }, principal, write, about }) => {
      about(`agent:${agent.name}`, { adapter: agent.adapter, roles: agent.roles });
      const { organisationId } = principal;
      const id = await write(async (tx) =>
        saveAgent(tx, { ...agent, organisationId, projectId: (await requireProject(tx, project)).id, ownerId: null }),
      );
      return { id, name: agent.name };
    },
  }),
];
