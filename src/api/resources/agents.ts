import { agentsByAdapter, getAgent, listAgentAttempts } from '../../db/agent-detail.js';
import { listAgents } from '../../db/agent-views.js';
import { resumeAgent, saveAgent } from '../../db/agents.js';
import { requireProject } from '../../db/project-views.js';
import { saveTerritory, territoriesOf } from '../../db/territories.js';
import { liveWorkers } from '../../db/worker-reports.js';
import { PROGRAM_MATRIX } from '../../domain/program-matrix.js';
import { programOnWorkers } from '../../domain/program-on-workers.js';
import { actionsOf } from '../../domain/roles.js';
import { projectQuery } from '../../schema/api/fields.js';
import { roleInstructions, shippedRoles } from '../../schema/role-instructions.js';
import {
  agentAttemptPage,
  agentDetail,
  agentPage,
  agentParams,
  agentPrograms,
  agentQuery,
  newAgent,
  newTerritory,
  resumedAgent,
  roleList,
  roleParams,
  savedAgent,
  savedTerritory,
} from '../../schema/api/agent.js';
import { noBody } from '../../schema/api/run.js';
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
    method: 'get',
    path: '/agents/:name',
    id: 'getAgent',
    tag: 'Agents',
    summary: 'One agent: also what its entry lets its programs do, and where it may change files',
    role: 'reader',
    params: agentParams,
    query: projectQuery,
    response: agentDetail,
    handle: ({ params: { name }, query, read }) =>
      read(async (tx) => {
        const project = await requireProject(tx, query.project);
        return getAgent(tx, project, name);
      }),
  }),
  route({
    method: 'get',
    path: '/agents/:name/attempts',
    id: 'listAgentAttempts',
    tag: 'Agents',
    summary: 'What an agent worked on in all runs, the newest first: how it ended, and what it cost',
    role: 'reader',
    params: agentParams,
    query: agentQuery,
    response: agentAttemptPage,
    handle: ({ params: { name }, query: { project, ...page }, read }) =>
      read(async (tx) => {
        const { id } = await getAgent(tx, await requireProject(tx, project), name);
        return listAgentAttempts(tx, { ...page, agent: id });
      }),
  }),
  route({
    method: 'get',
    path: '/agent-programs',
    id: 'listAgentPrograms',
    tag: 'Agents',
    summary:
      'The programs that people write code with: what Baton can use of each, in which version that was tested, and who is registered',
    role: 'reader',
    response: agentPrograms,
    handle: ({ read }) =>
      read(async (tx) => {
        const registered = await agentsByAdapter(tx);
        const workers = await liveWorkers(tx);
        return {
          items: PROGRAM_MATRIX.map(({ hosts: _hosts, ...program }) => ({
            ...program,
            agents: registered
              .filter(({ adapter }) => adapter === program.name)
              .map(({ name, project }) => ({ name, project })),
            onWorkers: programOnWorkers(program.name, workers),
          })),
        };
      }),
  }),
  route({
    method: 'get',
    path: '/roles',
    id: 'listRoles',
    tag: 'Agents',
    summary:
      'The roles that agents may hold: what each may do of the catalogue, what it is told, and which files it owns in a project',
    role: 'reader',
    query: projectQuery,
    response: roleList,
    handle: ({ query, read }) =>
      read(async (tx) => {
        const territories = await territoriesOf(tx, (await requireProject(tx, query.project)).id);
        const territoryOf = (name: string) => [...(territories.find(({ role }) => role === name)?.globs ?? [])];
        const shipped = shippedRoles();
        const own = territories
          .filter(({ role }) => !shipped.some(({ name }) => name === role))
          .map(({ role }) => ({ name: role, actions: actionsOf(role), instructions: roleInstructions(role) ?? '' }));
        return {
          items: [...shipped, ...own].map((role) => {
            const globs = territoryOf(role.name);
            return { ...role, territory: globs.length === 0 ? null : globs };
          }),
        };
      }),
  }),
  route({
    method: 'post',
    path: '/roles/:role/territory',
    id: 'saveTerritory',
    tag: 'Agents',
    summary: 'Say which files a role owns in a project: whoever acts in it changes no others',
    role: 'admin',
    action: 'role.territory',
    params: roleParams,
    body: newTerritory,
    response: savedTerritory,
    handle: async ({ params: { role }, body: { globs, project }, principal, write, about }) => {
      about(`role:${role}`, { globs });
      const { organisationId } = principal;
      await write(async (tx) =>
        saveTerritory(tx, { organisationId, projectId: (await requireProject(tx, project)).id, role, globs }),
      );
      return { role, globs };
    },
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
    handle: async ({ body: { project, ...definition }, principal, write, about }) => {
      about(`agent:${definition.name}`, { adapter: definition.adapter, roles: definition.roles });
      const { organisationId } = principal;
      const id = await write(async (tx) =>
        saveAgent(tx, {
          ...definition,
          organisationId,
          projectId: (await requireProject(tx, project)).id,
          ownerId: null,
        }),
      );
      return { id, name: definition.name };
    },
  }),
  route({
    method: 'post',
    path: '/agents/:name/resume',
    id: 'resumeAgent',
    tag: 'Agents',
    summary: 'Let a paused agent have new steps again',
    role: 'admin',
    action: 'agent.resume',
    params: agentParams,
    query: projectQuery,
    body: noBody,
    response: resumedAgent,
    handle: async ({ params: { name }, query, write, about }) => {
      about(`agent:${name}`);
      await write(async (tx) => resumeAgent(tx, (await requireProject(tx, query.project)).id, name));
      return { name };
    },
  }),
];
