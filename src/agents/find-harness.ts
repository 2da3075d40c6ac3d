import { BatonError } from '../domain/errors.js';
import { acp } from './adapters/acp.js';
import { action } from './adapters/action.js';
import { aider } from './adapters/aider.js';
import { api } from './adapters/api.js';
import { chat } from './adapters/chat.js';
import { claude } from './adapters/claude.js';
import { codex } from './adapters/codex.js';
import { command } from './adapters/command.js';
import { copilot } from './adapters/copilot.js';
import { cursor } from './adapters/cursor.js';
import { gemini } from './adapters/gemini.js';
import { opencode } from './adapters/opencode.js';
import { playbook } from './adapters/playbook.js';
import { rule } from './adapters/rule.js';
import { script } from './adapters/script.js';
import type { JsonObject } from '../domain/json.js';
import type { Account, AgentContext, Harness } from './harness.js';

const HARNESSES = {
  acp,
  aider,
  chat,
  claude,
  codex,
  copilot,
  cursor,
  gemini,
  opencode,
  command,
  playbook,
  script,
  rule,
  api,
  action,
} as const satisfies Record<string, Harness>;

/** What an agent uses up at a provider; null: nothing that is known. */
export function accountOf(
  adapter: AdapterName | 'role',
  entry: JsonObject,
  environment: AgentContext['secrets'],
): Account | null {
  const harness: Harness | null = adapter === 'role' ? null : HARNESSES[adapter];
  return harness?.account?.(entry, environment) ?? null;
}

export type AdapterName = keyof typeof HARNESSES;

/** Throws `stands-for-role` for an agent that is whoever holds a role: who that is, is said when it is assigned. */
export function findHarness(adapter: AdapterName | 'role'): Harness {
  if (adapter !== 'role') return HARNESSES[adapter];
  throw new BatonError('stands-for-role', 'This agent only stands for a role: name it as the agent of a step.');
}
