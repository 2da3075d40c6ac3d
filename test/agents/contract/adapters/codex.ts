import { codexProgram } from '../../../../src/agents/adapters/codex.js';
import { contractOfProgram } from '../program/real-program.js';

export const codexContract = contractOfProgram({
  ...{ program: codexProgram, path: '/v1', key: 'OPENAI_API_KEY' },
  modelTold: { model: null, inputTokens: 200, cacheReadTokens: 80, cacheWriteTokens: 0, outputTokens: 40 },
});
