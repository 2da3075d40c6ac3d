import { z } from 'zod';
import { agentDefinition } from '../agent.js';
import { pathGlob } from '../glob.js';
import { json, project, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const permissions = named(
  'Permissions',
  z.object({
    repositories: z.object({ allowed: z.array(z.string()), denied: z.array(z.string()) }),
    may: z.object({
      createBranch: z.boolean(),
      changeCi: z.boolean(),
      deleteBranch: z.literal(false),
      forcePush: z.literal(false),
      mergeToMain: z.literal(false),
      readSecrets: z.literal(false),
    }),
    files: z.object({ never: z.array(z.string()), approval: z.array(z.string()) }),
    limits: z.object({ tokensPerTask: z.int().nullable(), filesPerCommit: z.int().nullable() }),
  }),
);

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
    permissions,
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
  z.object({
    name: z.string(),
    actions: z
      .array(z.string())
      .nullable()
      .describe('Of the catalogue; null: a role of the project’s own, without bounds'),
    instructions: z.string(),
    territory: z
      .array(z.string())
      .nullable()
      .describe('Globs of the files that it owns in the project; null: anywhere'),
  }),
);
export const roleList = named('RoleList', z.object({ items: z.array(role) }));

export const newAgent = named('NewAgent', agentDefinition.safeExtend({ project }));
export const savedAgent = named('SavedAgent', z.object({ id: uuid, name: z.string() }));
export const resumedAgent = named('ResumedAgent', z.object({ name: z.string() }));

const roleName = z.string().min(1).max(60);
export const roleParams = z.object({ role: roleName });
export const newTerritory = named(
  'NewTerritory',
  z.strictObject({
    globs: z.array(pathGlob).max(200).describe('All files that it owns from then on, as in .gitignore; none: anywhere'),
    project,
  }),
);
export const savedTerritory = named('SavedTerritory', z.object({ role: z.string(), globs: z.array(z.string()) }));
