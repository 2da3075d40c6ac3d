import { isJsonObject, type JsonObject } from '../../domain/json.js';
import type { Spent } from '../../domain/usage.js';
import type { AgentEvent } from '../agent-event.js';
import type { AgentUsage } from '../../schema/agent-output.js';
import { chatGptLogin } from '../coding/chatgpt-login.js';
import type { CodingProgram, Conclusion, Launch, McpServer, ProgramReader } from '../coding/coding-program.js';
import { inWorkspace, resetTimeIn, sum, textOf, tokensOf, withoutSpent } from '../coding/reading.js';
import { codingHarness } from '../coding/run-coding-program.js';

const PROVIDER = 'baton';
const OPENAI = 'https://api.openai.com/v1';
/** Beyond that the provider's limit is an outcome of the attempt, and waiting is Baton's. */
const RETRIES = 2;

/** Else it asks GitHub and ChatGPT at its start for plugins that nobody wants, and tells OpenAI how it is used. */
const QUIET = ['features.plugins=false', 'analytics.enabled=false'];

/** Codex, with `codex exec --json` (codex-rs/exec/src/exec_events.rs describes the lines). */
export const codexProgram: CodingProgram = {
  name: 'codex',
  title: 'Codex',
  command: 'codex',
  install: 'npm install -g @openai/codex',
  testedVersion: '0.169.0',
  abilities: { resume: true, usage: true, cost: false, approvals: false, mcp: true },
  provider: 'openai',
  priceProvider: 'openai',
  keys: ['OPENAI_API_KEY'],
  hosts: ['api.openai.com:443'],
  login: chatGptLogin,
  sessionPaths: () => ['.codex/sessions'],
  launch: ({ prompt, session, model, baseUrl, key, trustsRepository, mcp }: Launch) => ({
    argv: [
      ...['exec', ...(session === null ? [] : ['resume'])],
      ...['--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'],
      ...(trustsRepository ? ['--trust'] : ['--ignore-rules']),
      // Its own AGENTS.md would be the change's: the prompt has that of the default branch.
      ...(trustsRepository ? [] : ['-c', 'project_doc_max_bytes=0']),
      ...QUIET.flatMap((setting) => ['-c', setting]),
      ...(model === null ? [] : ['-m', model]),
      ...['-c', `model_provider=${PROVIDER}`, '-c', `model_providers.${PROVIDER}=${provider(baseUrl ?? OPENAI, key)}`],
      ...(mcp === null ? [] : ['-c', `mcp_servers.${mcp.name}=${server(mcp)}`]),
      ...(session === null ? [] : [session]),
      '-',
    ],
    env: {},
    stdin: prompt,
  }),
  reader: ({ spent }) => new CodexReader(spent),
};

export const codex = codingHarness(codexProgram);

/** In TOML. */
const server = ({ url, token }: McpServer): string => {
  const variable = token ? `,bearer_token_env_var=${JSON.stringify(token.variable)}` : '';
  return `{url=${JSON.stringify(url)}${variable}}`;
};

const provider = (baseUrl: string, key: Launch['key']): string => {
  const text = JSON.stringify;
  const settings = [
    ['name', text(PROVIDER)],
    ['base_url', text(baseUrl)],
    ['wire_api', text('responses')],
    ...(key === null ? [] : [['env_key', text(key.name)]]),
    // What a stream is tried anew for includes a request that was refused: both together multiply.
    ['request_max_retries', '0'],
    ['stream_max_retries', String(RETRIES)],
  ];
  return `{${settings.map(([name, value]) => `${name}=${value}`).join(',')}}`;
};

class CodexReader implements ProgramReader {
  readonly #spent: Spent;
  #session: string | null = null;
  #message = '';
  #usage: AgentUsage | null = null;
  #failure: string | null = null;
  #isCompleted = false;

  constructor(spent: Spent) {
    this.#spent = spent;
  }

  json(line: JsonObject): readonly AgentEvent[] | null {
    switch (line['type']) {
      case 'thread.started':
        this.#session = textOf(line['thread_id']);
        return [];
      case 'turn.started':
      case 'item.updated':
        return [];
      case 'item.started':
        return isJsonObject(line['item']) && line['item']['type'] === 'command_execution'
          ? this.#item(line['item'])
          : [];
      case 'item.completed':
        return isJsonObject(line['item']) ? this.#item(line['item']) : null;
      case 'turn.completed':
        this.#isCompleted = true;
        this.#usage = usageOf(line, this.#spent);
        return [{ type: 'usage', ...this.#usage }];
      case 'turn.failed':
        this.#failure = textOf(isJsonObject(line['error']) ? line['error']['message'] : line['error']);
        return [{ type: 'error', text: this.#failure }];
      case 'error':
        // It tells of each try; what it ends with is `turn.failed`.
        return [{ type: 'error', text: textOf(line['message']) }];
      default:
        return null;
    }
  }

  conclude(): Conclusion {
    return { session: this.#session, usage: this.#usage, verdict: this.#verdict() };
  }

  #verdict(): Conclusion['verdict'] {
    if (this.#failure !== null) return failureOf(this.#failure);
    return this.#isCompleted ? { kind: 'done', text: this.#message } : { kind: 'unsaid' };
  }

  #item(item: JsonObject): readonly AgentEvent[] | null {
    const status = item['status'];
    switch (item['type']) {
      case 'agent_message':
        this.#message = textOf(item['text']);
        return [{ type: 'message', text: this.#message }];
      case 'reasoning':
        return [{ type: 'think', text: textOf(item['text']) }];
      case 'command_execution': {
        const result =
          status === 'in_progress' ? null : { ok: item['exit_code'] === 0, text: textOf(item['aggregated_output']) };
        return [{ type: 'command', command: textOf(item['command']), result }];
      }
      case 'file_change': {
        const changes = Array.isArray(item['changes']) ? item['changes'].filter(isJsonObject) : [];
        const result = { ok: status !== 'failed', text: textOf(status) };
        return changes.map((change) => ({ type: 'edit', path: inWorkspace(textOf(change['path'])), result }));
      }
      case 'mcp_tool_call':
      case 'web_search':
      case 'collab_tool_call':
        return [
          {
            type: 'tool',
            tool: textOf(item['tool'] ?? item['type']),
            input: textOf(item['arguments'] ?? item['query']),
            result: { ok: status !== 'failed', text: textOf(item['result'] ?? item['error']) },
          },
        ];
      case 'todo_list':
        return [];
      case 'error':
        return [{ type: 'error', text: textOf(item['message']) }];
      default:
        return null;
    }
  }
}

/** It reports the tokens of the whole conversation. */
function usageOf(line: JsonObject, spent: Spent): AgentUsage {
  const usage = isJsonObject(line['usage']) ? line['usage'] : {};
  const whole = {
    inputTokens: sum(usage, 'input_tokens'),
    cacheReadTokens: sum(usage, 'cached_input_tokens'),
    cacheWriteTokens: sum(usage, 'cache_write_input_tokens'),
    outputTokens: sum(usage, 'output_tokens'),
  };
  const own = withoutSpent(whole, spent);
  return {
    inputTokens: own.inputTokens,
    outputTokens: own.outputTokens,
    costUsd: null,
    models: tokensOf(null, own),
  };
}

function failureOf(message: string): Conclusion['verdict'] {
  if (/\b429\b|rate.?limit|usage limit|quota|too many requests/i.test(message))
    return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
  return { kind: 'failed', message, retryable: !/\b40[134]\b|unauthorized|invalid.api.key/i.test(message) };
}
