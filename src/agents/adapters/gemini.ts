import { isJsonObject, type JsonObject } from '../../domain/json.js';
import type { ModelTokens } from '../../domain/usage.js';
import type { AgentUsage } from '../../schema/agent-output.js';
import type { AgentEvent, ToolResult } from '../agent-event.js';
import type { CodingProgram, Conclusion, Launch, ProgramReader } from '../coding/coding-program.js';
import { digestOf, inWorkspace, resetTimeIn, sum, textOf, tokensOf } from '../coding/reading.js';
import { codingHarness } from '../coding/run-coding-program.js';

/** Its own settings; beyond two attempts the provider's limit is an outcome of the attempt, and waiting is Baton's. */
const SETTINGS = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  general: { enableAutoUpdate: false, enableAutoUpdateNotification: false, maxAttempts: 2 },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
};

/** Gemini CLI, with `--output-format stream-json` (packages/core/src/output/types.ts describes the lines). */
export const geminiProgram: CodingProgram = {
  name: 'gemini',
  title: 'Gemini CLI',
  command: 'gemini',
  install: 'npm install -g @google/gemini-cli',
  testedVersion: '0.61.0',
  abilities: { resume: true, usage: true, cost: false, approvals: false, mcp: false },
  provider: 'google',
  priceProvider: 'google',
  keys: ['GEMINI_API_KEY'],
  hosts: ['generativelanguage.googleapis.com:443'],
  sessionPaths: () => ['.gemini/projects.json', '.gemini/tmp'],
  // It always reads it as orders, and here it would be the change's: the prompt has that of the default branch.
  hides: ['GEMINI.md'],
  // As it keeps them, it would send the results of earlier tools twice, which its API refuses (400).
  mends: 'mend-gemini-session',
  launch: ({ prompt, session, newSession, model, baseUrl, key, trustsRepository }: Launch) => ({
    argv: [
      ...['--output-format', 'stream-json', '--approval-mode', 'yolo'],
      ...(session === null ? ['--session-id', newSession] : ['--resume', session]),
      ...(model === null ? [] : ['--model', model]),
      // It reads the repository's settings before it looks at this: tools run, hooks and servers of the repository do not.
      ...(trustsRepository ? [] : ['--skip-trust']),
    ],
    env: {
      // Else it starts itself once more, with another limit of memory.
      GEMINI_CLI_NO_RELAUNCH: 'true',
      GEMINI_API_KEY: key?.value ?? 'none-needed',
      ...(baseUrl !== null && { GOOGLE_GEMINI_BASE_URL: baseUrl }),
      ...(trustsRepository && { GEMINI_CLI_TRUST_WORKSPACE: 'true' }),
    },
    stdin: prompt,
    files: { '.gemini/settings.json': JSON.stringify(SETTINGS) },
  }),
  reader: () => new GeminiReader(),
};

export const gemini = codingHarness(geminiProgram);

class GeminiReader implements ProgramReader {
  #session: string | null = null;
  #message = '';
  /** What it said last of what went wrong, if nothing came after that. */
  #error: string | null = null;
  #result: JsonObject | null = null;
  readonly #called = new Map<string, { readonly name: string; readonly input: JsonObject }>();

  json(line: JsonObject): readonly AgentEvent[] | null {
    switch (line['type']) {
      case 'init':
        this.#session = textOf(line['session_id']);
        return [];
      case 'message':
        if (line['role'] === 'assistant') {
          this.#message += textOf(line['content']);
          this.#error = null;
        }
        return [];
      case 'tool_use': {
        const call = {
          name: textOf(line['tool_name']),
          input: isJsonObject(line['parameters']) ? line['parameters'] : {},
        };
        this.#called.set(textOf(line['tool_id']), call);
        return [...this.#said(), ...(call.name === SHELL ? [eventOf(call, null)] : [])];
      }
      case 'tool_result': {
        const call = this.#called.get(textOf(line['tool_id']));
        this.#called.delete(textOf(line['tool_id']));
        const text = textOf(line['output'] ?? (isJsonObject(line['error']) ? line['error']['message'] : undefined));
        return call ? [eventOf(call, { ok: line['status'] === 'success', text })] : [];
      }
      case 'error':
        this.#error = textOf(line['message']);
        return [{ type: 'error', text: this.#error }];
      case 'result':
        this.#result = line;
        return [...this.#said('keep'), { type: 'usage', ...usageOf(line) }];
      default:
        return null;
    }
  }

  conclude(): Conclusion {
    const result = this.#result;
    return {
      session: this.#session,
      usage: result && usageOf(result),
      verdict: result ? verdictOf(result, this.#message, this.#error) : { kind: 'unsaid' },
    };
  }

  /** Its messages come in pieces: one is whole when something else follows. */
  #said(then: 'forget' | 'keep' = 'forget'): AgentEvent[] {
    const text = this.#message;
    if (then === 'forget') this.#message = '';
    return text.trim() === '' ? [] : [{ type: 'message', text }];
  }
}

const SHELL = 'run_shell_command';

function eventOf({ name, input }: { name: string; input: JsonObject }, result: ToolResult | null): AgentEvent {
  const path = inWorkspace(textOf(input['file_path'] ?? input['absolute_path'] ?? input['dir_path'] ?? input['path']));
  switch (name) {
    case SHELL:
      return { type: 'command', command: textOf(input['command']), result };
    case 'read_file':
    case 'read_many_files':
    case 'list_directory':
      return { type: 'read', what: path, digest: digestOf(input) };
    case 'glob':
    case 'grep_search':
    case 'search_file_content':
      return { type: 'read', what: textOf(input['pattern']), digest: digestOf(input) };
    case 'write_file':
    case 'replace':
      return { type: 'edit', path, digest: digestOf(input), result };
    default:
      return { type: 'tool', tool: name, input: JSON.stringify(input), result };
  }
}

function usageOf(result: JsonObject): AgentUsage {
  const stats = isJsonObject(result['stats']) ? result['stats'] : {};
  const models = isJsonObject(stats['models']) ? Object.entries(stats['models']) : [];
  return {
    inputTokens: sum(stats, 'input_tokens'),
    outputTokens: sum(stats, 'output_tokens'),
    costUsd: null,
    models: models.flatMap(([model, used]) => (isJsonObject(used) ? modelTokens(model, used) : [])),
  };
}

/** Its reasoning is in the total alone, and is sold as output. It writes no cache that is sold apart. */
function modelTokens(model: string, used: JsonObject): readonly ModelTokens[] {
  const inputTokens = sum(used, 'input_tokens');
  const total = sum(used, 'total_tokens');
  return tokensOf(model, {
    inputTokens,
    cacheReadTokens: sum(used, 'cached'),
    cacheWriteTokens: 0,
    outputTokens:
      inputTokens === null || total === null ? sum(used, 'output_tokens') : Math.max(0, total - inputTokens),
  });
}

function verdictOf(result: JsonObject, text: string, error: string | null): Conclusion['verdict'] {
  // Where it takes itself to be in a loop it stops, and calls that a success.
  if (result['status'] === 'success' && text.trim() === '' && error !== null)
    return { kind: 'failed', message: error, retryable: true };
  if (result['status'] === 'success') return { kind: 'done', text };
  const message = textOf(isJsonObject(result['error']) ? result['error']['message'] : result['error']);
  if (/\b429\b|rate.?limit|quota|RESOURCE_EXHAUSTED|too many requests/i.test(message))
    return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
  return {
    kind: 'failed',
    message,
    retryable: !/\b40[134]\b|UNAUTHENTICATED|PERMISSION_DENIED|API_KEY_INVALID|invalid.(api.)?key/i.test(message),
  };
}
