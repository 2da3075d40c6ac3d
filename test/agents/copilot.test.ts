import { copilotProgram } from '../../src/agents/adapters/copilot.js';
import { holdToContract } from './coding-contract.js';

holdToContract({
  program: copilotProgram,
  path: '/v1',
  key: 'OPENAI_API_KEY',
  settles: 'until ls $HOME/.copilot/session-state/*/events.jsonl; do sleep 0.1; done',
});
