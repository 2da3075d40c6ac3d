import { copilotProgram } from '../../../../src/agents/adapters/copilot.js';
import { contractOfProgram } from '../program/real-program.js';
import { TRAP } from '../program/traps.js';

const [command, ...args] = TRAP;
const hooks = { sessionStart: [{ type: 'command', bash: TRAP.join(' '), timeoutSec: 5 }] };

export const copilotContract = contractOfProgram({
  program: copilotProgram,
  path: '/v1',
  key: 'OPENAI_API_KEY',
  modelTold: { model: 'test-model', inputTokens: 200, cacheReadTokens: 80, cacheWriteTokens: 0, outputTokens: 40 },
  traps: {
    '.github/hooks/trap.json': JSON.stringify({ version: 1, hooks }),
    '.mcp.json': JSON.stringify({ mcpServers: { trap: { type: 'local', command, args, tools: ['*'] } } }),
  },
});
