import { isJsonObject, type JsonObject } from '../../domain/json.js';
import type { AgentEvent, ToolResult } from '../agent-event.js';
import type { CodingProgram, Conclusion, Launch, ProgramReader } from '../coding/coding-program.js';
import { digestOf, inWorkspace, resetTimeIn, textOf } from '../coding/reading.js';
import { codingHarness } from '../coding/run-coding-program.js';

/** How many of its last words are kept. */
const MAX_LINES = 20;

/** Cursor's agent, with `--output-format stream-json` (cursor.com/docs/cli/reference/output-format describes the lines). */
export const cursorProgram: CodingProgram = {
  name: 'cursor',
  title: 'Cursor',
  command: 'cursor-agent',
  install: 'curl https://cursor.com/install -fsS | bash',
  testedVersion: '2026.09.02',
  proof: 'documentation',
  abilities: { resume: true, usage: false, cost: false, approvals: false, mcp: false },
  provider: 'cursor',
  keys: ['CURSOR_API_KEY'],
  hosts: ['*.cursor.sh:443', '*.cursor.com:443'],
  needsTrust: true,
  // Which of the two is not documented: where it keeps them elsewhere, each attempt begins anew.
  sessionPaths: () => ['.cursor/chats', '.config/Cursor/chats'],
  launch: ({ prompt, session, model }: Launch) => ({
    argv: [
      ...['-p', '--output-format', 'stream-json', '--force', '--trust', '--sandbox', 'disabled'],
      ...(session === null ? [] : ['--resume', session]),
      ...(model === null ? [] : ['--model', model]),
    ],
    env: {},
    stdin: prompt,
  }),
  reader: () => new CursorReader(),
};

export const cursor = codingHarness(cursorProgram);

class CursorReader implements ProgramReader {
  #session: string | null = null;
  #result: JsonObject | null = null;
  #lastWords: string[] = [];

  json(line: JsonObject): readonly AgentEvent[] | null {
    if (typeof line['session_id'] === 'string') this.#session = line['session_id'];
    switch (line['type']) {
      case 'system':
      case 'user':
        return [];
      case 'assistant': {
        const message = isJsonObject(line['message']) ? line['message'] : {};
        const text = textOf(message['content']);
        return text.trim() === '' ? [] : [{ type: 'message', text }];
      }
      case 'tool_call':
        return isJsonObject(line['tool_call']) ? toolEvents(line['tool_call'], line['subtype'] === 'completed') : null;
      case 'result':
        this.#result = line;
        return [];
      default:
        return null;
    }
  }

  text(line: string): readonly AgentEvent[] {
    if (line.trim() !== '') this.#lastWords = [...this.#lastWords, line.trim()].slice(-MAX_LINES);
    return [];
  }

  conclude(): Conclusion {
    return { session: this.#session, usage: null, verdict: this.#verdict() };
  }

  #verdict(): Conclusion['verdict'] {
    const result = this.#result;
    if (result?.['subtype'] === 'success' && result['is_error'] !== true)
      return { kind: 'done', text: textOf(result['result']) };
    // Where it fails it says so in words, and in no line of its own.
    const message = result ? textOf(result['result'] ?? result['subtype']) : this.#lastWords.join('\n');
    if (message === '') return { kind: 'unsaid' };
    if (/\b429\b|rate.?limit|usage limit|quota|too many requests/i.test(message))
      return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
    return { kind: 'failed', message, retryable: !/\b40[13]\b|api key|log ?in|unauthori[sz]ed|trust/i.test(message) };
  }
}

/** `{ shellToolCall: { args, result } }`: one member, the name of which is the tool's. */
function toolEvents(call: JsonObject, isCompleted: boolean): AgentEvent[] {
  const [[name, value] = ['', {}]] = Object.entries(call);
  const told = isJsonObject(value) ? value : {};
  const input = isJsonObject(told['args']) ? told['args'] : {};
  const path = inWorkspace(textOf(input['path']));
  const result = isCompleted ? resultOf(told['result'] ?? null) : null;
  if (name === 'shellToolCall') return [{ type: 'command', command: textOf(input['command']), result }];
  if (result === null) return [];
  const digest = digestOf(input);
  switch (name) {
    case 'readToolCall':
    case 'lsToolCall':
      return [{ type: 'read', what: path, digest }];
    case 'grepToolCall':
    case 'globToolCall':
      return [{ type: 'read', what: textOf(input['pattern'] ?? input['globPattern']), digest }];
    case 'writeToolCall':
    case 'editToolCall':
    case 'deleteToolCall':
      return [{ type: 'edit', path, digest, result }];
    default:
      return [{ type: 'tool', tool: name.replace(/ToolCall$/, ''), input: JSON.stringify(input), result }];
  }
}

/** `{ success: … }`, or another member that says why not; of a command its exit code counts too. */
function resultOf(result: unknown): ToolResult {
  if (!isJsonObject(result)) return { ok: false, text: '' };
  const success = isJsonObject(result['success']) ? result['success'] : null;
  const told = success ?? Object.values(result).find(isJsonObject) ?? result;
  const printed = [told['stdout'], told['stderr']].map((part) => textOf(part)).filter((part) => part !== '');
  const text = printed.length > 0 ? printed.join('\n') : textOf(told['content'] ?? told['error'] ?? told);
  return { ok: success !== null && (success['exitCode'] ?? 0) === 0, text };
}
