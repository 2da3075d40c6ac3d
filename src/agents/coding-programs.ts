import { aiderProgram } from './adapters/aider.js';
import { claudeProgram } from './adapters/claude.js';
import { codexProgram } from './adapters/codex.js';
import { copilotProgram } from './adapters/copilot.js';
import { cursorProgram } from './adapters/cursor.js';
import { geminiProgram } from './adapters/gemini.js';
import { opencodeProgram } from './adapters/opencode.js';
import type { CodingProgram } from './coding/coding-program.js';

/** The programs that people write code with, and that Baton runs as agents. */
export const CODING_PROGRAMS: readonly CodingProgram[] = [
  claudeProgram,
  codexProgram,
  copilotProgram,
  cursorProgram,
  geminiProgram,
  opencodeProgram,
  aiderProgram,
];
