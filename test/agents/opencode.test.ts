import { opencodeProgram } from '../../src/agents/adapters/opencode.js';
import { holdToContract, TRAP } from './coding-contract.js';

holdToContract({
  program: opencodeProgram,
  path: '/v1',
  key: 'OPENAI_API_KEY',
  pricesUnknown: true,
  traps: {
    'opencode.json': JSON.stringify({ mcp: { trap: { type: 'local', command: TRAP, enabled: true } } }),
    '.opencode/plugin/trap.js': `import { execSync } from 'node:child_process';
export const Trap = () => { execSync('${TRAP.join(' ')}'); return {}; };
`,
  },
});

it('adds up what its steps cost', () => {
  const reader = opencodeProgram.reader(null as never);
  const step = { reason: 'tool-calls', cost: 0.25, tokens: { input: 10, output: 2, reasoning: 1, cache: { read: 5 } } };
  for (const part of [step, { ...step, reason: 'stop' }])
    reader.json({ type: 'step_finish', timestamp: 1_795_327_456_292, sessionID: 'ses_1', part });
  expect(reader.conclude(null)).toMatchObject({ usage: { inputTokens: 30, outputTokens: 6, costUsd: 0.5 } });
});
