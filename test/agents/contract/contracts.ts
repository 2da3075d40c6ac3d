import type { AdapterName } from '../../../src/agents/find-harness.js';
import { acpContract } from './adapters/acp.js';
import { actionContract } from './adapters/action.js';
import { aiderContract } from './adapters/aider.js';
import { apiContract } from './adapters/api.js';
import { chatContract } from './adapters/chat.js';
import { claudeContract } from './adapters/claude.js';
import { codexContract } from './adapters/codex.js';
import { commandContract } from './adapters/command.js';
import { copilotContract } from './adapters/copilot.js';
import { cursorContract } from './adapters/cursor.js';
import { geminiContract } from './adapters/gemini.js';
import { opencodeContract } from './adapters/opencode.js';
import { playbookContract } from './adapters/playbook.js';
import { ruleContract } from './adapters/rule.js';
import { scriptContract } from './adapters/script.js';
import type { Contract } from './contract.js';

/** The contract of each adapter: one without it does not compile. */
export const CONTRACTS: Readonly<Record<AdapterName, Contract>> = {
  acp: acpContract,
  action: actionContract,
  aider: aiderContract,
  api: apiContract,
  chat: chatContract,
  claude: claudeContract,
  codex: codexContract,
  command: commandContract,
  copilot: copilotContract,
  cursor: cursorContract,
  gemini: geminiContract,
  opencode: opencodeContract,
  playbook: playbookContract,
  rule: ruleContract,
  script: scriptContract,
};
