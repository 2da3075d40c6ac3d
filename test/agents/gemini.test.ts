import { geminiProgram } from '../../src/agents/adapters/gemini.js';
import { holdToContract, TRAP } from './coding-contract.js';

const hooks = { SessionStart: [{ hooks: [{ type: 'command', command: TRAP.join(' ') }] }] };
const [command, ...args] = TRAP;

holdToContract({
  program: geminiProgram,
  path: '',
  key: 'GEMINI_API_KEY',
  traps: { '.gemini/settings.json': JSON.stringify({ hooks, mcpServers: { trap: { command, args } } }) },
});
