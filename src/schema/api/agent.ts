import { z } from 'zod';
import { agentDefinition } from '../agent.js';
import { pathGlob } from '../glob.js';
import { json, listPrice, project, recordedError, reportedCost, time, uuid } from './fields.js';
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
const policy = named(
  'AgentPolicy',
  z.object({
    sandbox: z
      .object({
        memoryMib: z.int(),
        cpus: z.number().nullable().describe('Null: what is free'),
        processes: z.int(),
        fileMib: z.int().describe('Of one file'),
        diskMib: z.int().describe('Of workspace and home together'),
        timeoutMs: z.int().nullable().describe('Null: as long as its step has'),
      })
      .nullable()
      .describe('Null: no program of its own runs'),
    hosts: z.array(z.string()).describe('What it may reach, and nothing else'),
    provider: z.string().nullable(),
    model: z.string().nullable(),
    askFor: z.array(z.string()).describe('What it asks people before it does it'),
    trustRepository: z.boolean().describe('Whether the repository’s own settings for its program are heeded'),
    contextTokens: z.int().nullable().describe('What it is told at the beginning of an attempt, at most'),
  }),
);

export const agentDetail = named(
  'AgentDetail',
  agent.extend({
    policy: policy.nullable().describe('Of its entry; null: that is not such as its adapter takes'),
    territory: z
      .array(z.object({ role: z.string(), globs: z.array(z.string()).nullable().describe('Null: anywhere') }))
      .describe('Where it may change files, by its roles'),
  }),
);

export const agentAttempt = named(
  'AgentAttempt',
  z.object({
    run: z.object({
      id: uuid,
      number: z.int(),
      pipeline: z.string(),
      repository: z.string().nullable(),
      issue: z.object({ number: z.int(), title: z.string() }).nullable(),
    }),
    step: z.object({ id: z.string(), name: z.string(), item: z.int().nullable() }),
    attempt: z.int(),
    status: z.enum(['running', 'asked', 'limited', 'succeeded', 'failed', 'cancelled']),
    summary: z.string(),
    tokensIn: z.int().nullable(),
    tokensOut: z.int().nullable(),
    costUsd: reportedCost,
    listPrice: listPrice.nullable(),
    error: recordedError.nullable(),
    startedAt: time,
    endedAt: time.nullable(),
  }),
);
export const agentAttemptPage = named('AgentAttemptPage', page(agentAttempt));

export const agentPrograms = named(
  'AgentPrograms',
  z.object({
    items: z.array(
      z.object({
        name: z.string().describe('Of its adapter'),
        title: z.string(),
        install: z.string(),
        provider: z.string(),
        testedVersion: z.string(),
        proof: z
          .enum(['documentation'])
          .nullable()
          .describe('By what it was tested, where that was not the program itself'),
        needsTrust: z
          .union([z.literal(true), z.array(z.string())])
          .nullable()
          .describe(
            'True: it runs only with trustRepository; a list: only where none of these files is at the repository’s root',
          ),
        abilities: z.object({
          resume: z.boolean().describe('Its conversation goes on in a later attempt, on any worker'),
          approvals: z.boolean().describe('It can ask people before it acts, and end meanwhile'),
          usage: z.boolean().describe('It tells its tokens'),
          cost: z.boolean(),
          cancel: z.boolean(),
          structuredOutput: z.boolean(),
          mcp: z.boolean().describe('It is given Baton’s tools'),
        }),
        agents: z.array(z.object({ name: z.string(), project: z.string() })).describe('Those registered of it'),
        onWorkers: z
          .object({
            command: z.string(),
            isInstalled: z.boolean(),
            signIn: z.enum(['key', 'login']).nullable().describe('Null: no worker can sign it in'),
            fix: z.string().nullable().describe('What to do before an agent of it can work; null: nothing'),
          })
          .nullable()
          .describe('What the workers that run now have of it; null: none has reported yet'),
      }),
    ),
  }),
);

export const agentPage = named('AgentPage', page(agent));
export const agentQuery = z.strictObject({ ...pageQuery, project });
export const agentParams = z.object({ name: z.string().min(1).max(100) });

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
