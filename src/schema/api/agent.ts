import { z } from 'zod';
import { agentDefinition } from '../agent.js';
import { json, project, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

export const agent = named(
  'Agent',
  z.object({
    id: uuid,
    project: z.string(),
    name: z.string(),
    type: z.string(),
    kind: z.string(),
    adapter: z.string(),
    roles: z.array(z.string()),
    description: z.string(),
    version: z.string(),
    riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']),
    status: z.enum(['idle', 'working', 'waiting-for-input', 'blocked', 'errored', 'paused', 'offline']),
    owner: z.string().nullable(),
    limits: z.record(z.string(), json),
    capabilities: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        inputSchema: json,
        outputSchema: json,
        mode: z.enum(['change', 'analysis']).nullable(),
        pullRequest: z.boolean(),
      }),
    ),
    attempts: z.object({ total: z.int(), succeeded: z.int(), running: z.int() }),
    createdAt: time,
  }),
);
export const agentPage = named('AgentPage', page(agent));
export const agentQuery = z.strictObject({ ...pageQuery, project });

export const role = named(
  'Role',
  z.object({ name: z.string(), actions: z.array(z.string()), instructions: z.string() }),
);
export const roleList = named('RoleList', z.object({ items: z.array(role) }));

export const newAgent = named('NewAgent', agentDefinition.safeExtend({ project }));
export const savedAgent = named('SavedAgent', z.object({ id: uuid, name: z.string() }));
export const resumedAgent = named('ResumedAgent', z.object({ name: z.string() }));
