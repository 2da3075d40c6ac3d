import { copilotProgram } from '../../src/agents/adapters/copilot.js';
import { holdToContract, TRAP } from './coding-contract.js';

const [command, ...args] = TRAP;
const hooks = { sessionStart: [{ type: 'command', bash: TRAP.join(' '), timeoutSec: 5 }] };

holdToContract({
  program: copilotProgram,
  path: '/v1',
  key: 'OPENAI_API_KEY',
  traps: {
    '.github/hooks/trap.json': JSON.stringify({ version: 1, hooks }),
    '.mcp.json': JSON.stringify({ mcpServers: { trap: { type: 'local', command, args, tools: ['*'] } } }),
  },
});
