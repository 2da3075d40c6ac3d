import { opencodeProgram } from '../../../../src/agents/adapters/opencode.js';
import { contractOfProgram } from '../program/real-program.js';
import { TRAP } from '../program/traps.js';

export const opencodeContract = contractOfProgram({
  program: opencodeProgram,
  path: '/v1',
  asksBeside: ['registry.npmjs.org:443'],
  key: 'OPENAI_API_KEY',
  modelTold: { model: null, inputTokens: 200, cacheReadTokens: 80, cacheWriteTokens: 0, outputTokens: 40 },
  costTold: () => {
    const reader = opencodeProgram.reader(null as never);
    const tokens = { input: 10, output: 2, reasoning: 1, cache: { read: 5 } };
    for (const reason of ['tool-calls', 'stop']) {
      const part = { reason, cost: 0.25, tokens };
      reader.json({ type: 'step_finish', timestamp: 1_795_327_456_292, sessionID: 'ses_1', part });
    }
    const { usage } = reader.conclude(null);
    // What its steps cost is added up.
    expect(usage).toMatchObject({ inputTokens: 30, outputTokens: 6, costUsd: 0.5 });
    return usage;
  },
  traps: {
    'opencode.json': JSON.stringify({ mcp: { trap: { type: 'local', command: TRAP, enabled: true } } }),
    '.opencode/plugin/trap.js': `import { execSync } from 'node:child_process';
export const Trap = () => { execSync('${TRAP.join(' ')}'); return {}; };
`,
  },
});
