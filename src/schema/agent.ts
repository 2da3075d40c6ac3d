import { z } from 'zod';
import { actionMode, findAction } from '../domain/catalogue.js';
import type { JsonObject } from '../domain/json.js';
import {
  actionEntry,
  apiEntry,
  commandEntry,
  playbookEntry,
  roleEntry,
  ruleEntry,
  scriptEntry,
} from './agent-entry.js';
import { acpEntry } from './acp-entry.js';
import { permissionLayer } from './permissions.js';
import { chatEntry } from './chat-entry.js';
import { codingEntry, entryThatAsksNobody, entryWithKey } from './coding-entry.js';
import { jsonSchema } from './json-schema.js';

const capability = z
  .strictObject({
    name: z.string().min(1).max(100),
    description: z.string().max(2_000).default(''),
    inputSchema: jsonSchema.nullable().default(null),
    outputSchema: jsonSchema.nullable().default(null),
    /** `change` edits the tree, and Baton commits it; `analysis`, the default, only looks. Actions of the catalogue have their own. */
    mode: z.enum(['change', 'analysis']).nullable().default(null),
    /** Whether Baton opens a pull request of what it changed. */
    pullRequest: z.boolean().default(false),
  })
  .superRefine(({ name, mode, pullRequest }, context) => {
    const really = actionMode(name, mode);
    if (findAction(name)?.by === 'baton')
      context.addIssue({ code: 'custom', message: 'is an action that Baton does itself', path: ['name'] });
    else if (mode !== null && mode !== really)
      context.addIssue({ code: 'custom', message: `of ${name} is ${really}: the catalogue says so`, path: ['mode'] });
    if (pullRequest && really !== 'change')
      context.addIssue({
        code: 'custom',
        message: 'is of what changes the tree: `mode: change`',
        path: ['pullRequest'],
      });
  });

/** What each adapter takes: the names of the adapters that there are. */
const ENTRIES = {
  acp: acpEntry,
  aider: entryWithKey('Aider'),
  chat: chatEntry,
  claude: codingEntry,
  codex: entryThatAsksNobody('Codex'),
  copilot: entryThatAsksNobody('GitHub Copilot CLI'),
  cursor: entryWithKey('Cursor'),
  gemini: entryWithKey('Gemini CLI'),
  opencode: entryWithKey('OpenCode'),
  command: commandEntry,
  playbook: playbookEntry,
  script: scriptEntry,
  rule: ruleEntry,
  api: apiEntry,
  action: actionEntry,
  role: roleEntry,
} as const;

export type Adapter = keyof typeof ENTRIES;

export const fitsAdapter = (adapter: Adapter, entry: JsonObject): boolean => ENTRIES[adapter].safeParse(entry).success;

const ADAPTERS = Object.keys(ENTRIES) as Adapter[];

function refuseTwins(capabilities: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  const names = capabilities.map(({ name }) => name);
  names.forEach((name, at) => {
    if (names.indexOf(name) < at) context.addIssue({ code: 'custom', message: 'is there already', path: [at, 'name'] });
  });
}

/** An agent as it is registered (R1.3). */
export const agentDefinition = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is lower case letters, digits and hyphens, at most 40'),
    type: z.enum(['claude', 'codex', 'copilot', 'cursor', 'gemini', 'opencode', 'custom']),
    kind: z.enum(['LLM', 'RULE', 'API', 'SCRIPT']),
    adapter: z.enum(ADAPTERS),
    roles: z.array(z.string().min(1).max(60)).max(20),
    description: z.string().max(2_000).default(''),
    version: z.string().max(40).default('1'),
    riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']),
    capabilities: z.array(capability).max(50).superRefine(refuseTwins),
    entry: z.record(z.string(), z.json()),
    limits: z.record(z.string(), z.json()).default({}),
    /** What is left out is as for every agent. */
    permissions: permissionLayer.default({}),
  })
  .superRefine(({ adapter, entry }, context) => {
    const parsed = ENTRIES[adapter].safeParse(entry);
    for (const { path, message } of parsed.error?.issues ?? [])
      context.addIssue({ code: 'custom', message, path: ['entry', ...path] });
  });
