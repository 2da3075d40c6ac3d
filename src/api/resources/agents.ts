import { listAgents } from '../../db/agent-views.js';
import { agentPage, agentQuery } from '../../schema/api/agent.js';
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
];
