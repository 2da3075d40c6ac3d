import { isJsonObject, type JsonObject } from '../../domain/json.js';
import type { AgentUsage } from '../../schema/agent-output.js';
import type { AgentEvent, ToolResult } from '../agent-event.js';
import type { CodingProgram, Conclusion, Launch, ProgramReader } from '../coding/coding-program.js';
import { digestOf, inWorkspace, resetTimeIn, sum, textOf, tokensOf } from '../coding/reading.js';
import { codingHarness } from '../coding/run-coding-program.js';

const PROVIDER = 'baton';
const DATABASE = '.local/share/opencode/opencode.db';
/** By itself it tries six times, and waits as long as the provider says: waiting is Baton's. */
const ERRORS = 3;

/** OpenCode, with `run --format json` (packages/opencode/src/cli/cmd/run.ts describes the lines). */
export const opencodeProgram: CodingProgram = {
  name: 'opencode',
  title: 'OpenCode',
  command: 'opencode',
  install: 'npm install -g opencode-ai',
  testedVersion: '1.18.33',
  abilities: { resume: true, usage: true, cost: true, approvals: false, mcp: false },
  provider: 'opencode',
  keys: ['OPENCODE_API_KEY'],
  hosts: ['opencode.ai:443'],
  sessionPaths: () => [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`],
  launch: ({ prompt, session, model, baseUrl, key, trustsRepository }: Launch) => ({
    argv: [
      ...['run', '--format', 'json', '--auto', '--print-logs', '--log-level', 'ERROR'],
      // A title of its own making would be one more question to the model.
      ...(session === null ? ['--title', 'Baton'] : ['--session', session]),
      ...(model === null ? [] : ['--model', baseUrl === null ? model : `${PROVIDER}/${model}`]),
      ...(trustsRepository ? [] : ['--pure']),
    ],
    env: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify(settings(baseUrl, model, key)),
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      ...(!trustsRepository && { OPENCODE_DISABLE_PROJECT_CONFIG: '1', OPENCODE_DISABLE_CLAUDE_CODE: '1' }),
    },
    stdin: prompt,
  }),
  reader: () => new OpencodeReader(),
};

export const opencode = codingHarness(opencodeProgram);

/** Its configuration; at an address of the agent's own any model of the OpenAI kind answers. */
function settings(baseUrl: string | null, model: string | null, key: Launch['key']): JsonObject {
  const quiet = { autoupdate: false, share: 'disabled', permission: { '*': 'allow' } };
  if (baseUrl === null) return quiet;
  const options = { baseURL: baseUrl, ...(key !== null && { apiKey: `{env:${key.name}}` }) };
  const models = { [model ?? 'default']: {} };
  const provider = { npm: '@ai-sdk/openai-compatible', name: 'Baton', options, models };
  const name = `${PROVIDER}/${model ?? 'default'}`;
  return {
    ...quiet,
    enabled_providers: [PROVIDER],
    provider: { [PROVIDER]: provider },
    model: name,
    small_model: name,
  };
}

class OpencodeReader implements ProgramReader {
  #session: string | null = null;
  #message = '';
  #usage: AgentUsage | null = null;
  #isCompleted = false;
  #failure: Conclusion['verdict'] | null = null;
  #errors = 0;

  json(line: JsonObject): readonly AgentEvent[] | null {
    if (typeof line['sessionID'] === 'string') this.#session = line['sessionID'];
    const part = isJsonObject(line['part']) ? line['part'] : {};
    switch (line['type']) {
      case 'step_start':
        this.#message = '';
        this.#errors = 0;
        return [];
      case 'text':
        this.#message = [this.#message, textOf(part['text'])].filter((text) => text !== '').join('\n\n');
        return [{ type: 'message', text: textOf(part['text']) }];
      case 'reasoning':
        return [{ type: 'think', text: textOf(part['text']) }];
      case 'tool_use':
        return toolEvents(part);
      case 'step_finish':
        this.#isCompleted = part['reason'] === 'stop';
        this.#usage = add(this.#usage, part);
        return [{ type: 'usage', ...this.#usage }];
      case 'error': {
        const error = isJsonObject(line['error']) ? line['error'] : {};
        this.#failure = failureOf(error);
        return [{ type: 'error', text: messageOf(error) }];
      }
      default:
        return null;
    }
  }

  text(line: string): readonly AgentEvent[] {
    const [, message] = /message="stream error".* error\.error="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
    if (message === undefined) return [];
    this.#errors += 1;
    if (isLimit(message)) this.#failure = { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
    else if (this.#errors >= ERRORS) this.#failure = { kind: 'failed', message, retryable: true };
    return [];
  }

  isOver(): boolean {
    return this.#failure !== null;
  }

  conclude(): Conclusion {
    const unfailed = this.#isCompleted
      ? ({ kind: 'done', text: this.#message } as const)
      : ({ kind: 'unsaid' } as const);
    return { session: this.#session, usage: this.#usage, verdict: this.#failure ?? unfailed };
  }
}

const isLimit = (message: string): boolean =>
  /\b429\b|rate.?limit|too many requests|quota|usage limit|limit reached/i.test(message);

function toolEvents(part: JsonObject): AgentEvent[] {
  const state = isJsonObject(part['state']) ? part['state'] : {};
  const input = isJsonObject(state['input']) ? state['input'] : {};
  const metadata = isJsonObject(state['metadata']) ? state['metadata'] : {};
  const exit = metadata['exit'];
  const ok = state['status'] === 'completed' && (typeof exit !== 'number' || exit === 0);
  const result = { ok, text: textOf(state['output'] ?? state['error']) };
  // It tells of a tool only when it is done.
  return part['tool'] === 'bash'
    ? [eventOf('bash', input, null), eventOf('bash', input, result)]
    : [eventOf(textOf(part['tool']), input, result)];
}

function eventOf(name: string, input: JsonObject, result: ToolResult | null): AgentEvent {
  const path = inWorkspace(textOf(input['filePath'] ?? input['path']));
  switch (name) {
    case 'bash':
      return { type: 'command', command: textOf(input['command']), result };
    case 'read':
    case 'list':
      return { type: 'read', what: path, digest: digestOf(input) };
    case 'glob':
    case 'grep':
      return { type: 'read', what: textOf(input['pattern']), digest: digestOf(input) };
    case 'edit':
    case 'write':
    case 'multiedit':
      return { type: 'edit', path, digest: digestOf(input), result };
    default:
      return { type: 'tool', tool: name, input: JSON.stringify(input), result };
  }
}

function add(before: AgentUsage | null, part: JsonObject): AgentUsage {
  const tokens = isJsonObject(part['tokens']) ? part['tokens'] : {};
  const cache = isJsonObject(tokens['cache']) ? tokens['cache'] : {};
  const [known] = before?.models ?? [];
  const inputTokens = total([before?.inputTokens, sum(tokens, 'input'), sum(cache, 'read', 'write')]);
  const outputTokens = total([before?.outputTokens, sum(tokens, 'output', 'reasoning')]);
  const cached = {
    cacheReadTokens: total([known?.cacheReadTokens, sum(cache, 'read')]),
    cacheWriteTokens: total([known?.cacheWriteTokens, sum(cache, 'write')]),
  };
  // Of a model whose price it does not know it says 0.
  const cost = typeof part['cost'] === 'number' && part['cost'] > 0 ? part['cost'] : null;
  const costs = [before?.costUsd ?? null, cost].filter((value) => value !== null);
  return {
    inputTokens,
    outputTokens,
    models: tokensOf(null, { inputTokens, outputTokens, ...cached }),
    costUsd: costs.length === 0 ? null : costs.reduce((sumUsd, value) => sumUsd + value, 0),
  };
}

const total = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? null : known.reduce((all, value) => all + value, 0);
};

const messageOf = (error: JsonObject): string => {
  const data = isJsonObject(error['data']) ? error['data'] : {};
  return textOf(data['message'] ?? error['name']);
};

function failureOf(error: JsonObject): Conclusion['verdict'] {
  const message = messageOf(error);
  const data = isJsonObject(error['data']) ? error['data'] : {};
  const status = data['statusCode'];
  if (status === 429 || isLimit(message)) return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
  return { kind: 'failed', message, retryable: status !== 401 && status !== 403 && status !== 404 };
}
