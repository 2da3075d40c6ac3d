import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewAgent } from '../../src/db/agents.js';
import type { JsonObject } from '../../src/domain/json.js';
import type { PermissionLayer } from '../../src/domain/permissions.js';

/** An agent of a test: recorded edits, or a script of its own. */
export interface TestAgent {
  readonly name: string;
  readonly roles?: readonly string[];
  readonly can?: readonly string[];
  /** Handle of its owner; the organisation's own where absent. */
  readonly owner?: string;
  readonly inputSchema?: JsonObject;
  readonly outputSchema?: JsonObject;
  /** Of all that it can do. */
  readonly mode?: 'change' | 'analysis';
  readonly riskLevel?: 'AUTO' | 'APPROVAL_REQUIRED';
  readonly permissions?: PermissionLayer;
  readonly moves?: readonly JsonObject[];
  /** Source of the program (an ES module); it runs in the sandbox. */
  readonly script?: string;
  /** In place of `script`: what is started. */
  readonly argv?: readonly string[];
  /** A program that people write code with, and its entry. */
  readonly program?: { readonly adapter: NewAgent['adapter']; readonly entry: JsonObject };
  /** What it may take. */
  readonly sandbox?: JsonObject;
}

/** What every script begins with: `request`, `say`, `done` and `write`. */
const PRELUDE = `
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
const request = JSON.parse(await text(process.stdin));
const say = (line) => process.stdout.write(typeof line === 'string' ? line : JSON.stringify(line) + '\\n');
const done = (result = {}) => say({ type: 'result', summary: 'done', ...result });
const write = (path, content) => { mkdirSync(dirname(path), { recursive: true }); writeFileSync(path, content); };
`;

/** The agent's row, its program written below \`directory\`. */
export async function agentRow(
  agent: TestAgent,
  directory: string,
  owned: Pick<NewAgent, 'organisationId' | 'projectId' | 'ownerId'>,
): Promise<NewAgent> {
  return {
    ...owned,
    name: agent.name,
    type: 'custom',
    kind: 'SCRIPT',
    adapter: agent.program?.adapter ?? (agent.moves ? 'playbook' : 'command'),
    roles: agent.roles ?? ['developer', 'tester', 'reviewer'],
    description: '',
    version: '1',
    riskLevel: agent.riskLevel ?? 'AUTO',
    limits: {},
    permissions: agent.permissions ?? {},
    capabilities: (agent.can ?? []).map((name) => ({
      name,
      description: '',
      inputSchema: agent.inputSchema ?? null,
      outputSchema: agent.outputSchema ?? null,
      mode: agent.mode ?? null,
    })),
    entry: { ...(await entryOf(agent, join(directory, agent.name))), ...(agent.sandbox && { sandbox: agent.sandbox }) },
  };
}

async function entryOf({ moves, script, argv, program }: TestAgent, directory: string): Promise<JsonObject> {
  if (program) return program.entry;
  if (moves) return { moves };
  if (argv) return { argv };
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'agent.mjs'), `${PRELUDE}\n${script ?? 'done();'}\n`);
  return { argv: ['node', '{directory}/agent.mjs'], directory };
}
