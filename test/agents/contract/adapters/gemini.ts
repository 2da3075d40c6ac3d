import { geminiProgram } from '../../../../src/agents/adapters/gemini.js';
import { contractOfProgram } from '../program/real-program.js';
import { TRAP } from '../program/traps.js';

const hooks = { SessionStart: [{ hooks: [{ type: 'command', command: TRAP.join(' ') }] }] };
const [command, ...args] = TRAP;
const looks = { command: 'date +%N' };

export const geminiContract = contractOfProgram({
  program: geminiProgram,
  path: '',
  key: 'GEMINI_API_KEY',
  modelTold: { model: 'test-model', inputTokens: 200, cacheReadTokens: 80, cacheWriteTokens: 0, outputTokens: 50 },
  // It takes the fifth of the same for a loop, whatever came of it.
  givesUpAt: Array.from({ length: 8 }, () => looks),
  traps: { '.gemini/settings.json': JSON.stringify({ hooks, mcpServers: { trap: { command, args } } }) },
});
