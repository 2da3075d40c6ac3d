import { claudeProgram } from '../../src/agents/adapters/claude.js';
import { holdToContract } from './coding-contract.js';

holdToContract({ program: claudeProgram, path: '', key: 'ANTHROPIC_API_KEY' });
