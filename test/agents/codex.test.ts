import { codexProgram } from '../../src/agents/adapters/codex.js';
import { holdToContract } from './coding-contract.js';

holdToContract({ program: codexProgram, path: '/v1', key: 'OPENAI_API_KEY' });
