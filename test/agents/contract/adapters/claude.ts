import { claudeProgram } from '../../../../src/agents/adapters/claude.js';
import { contractOfProgram } from '../program/real-program.js';

export const claudeContract = contractOfProgram({ program: claudeProgram, path: '', key: 'ANTHROPIC_API_KEY' });
