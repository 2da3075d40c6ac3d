import { isJsonObject, type JsonObject } from '../../domain/json.js';
import type { AgentUsage } from '../../schema/agent-output.js';
import type { Spent } from '../../domain/usage.js';
import type { AgentEvent, ToolResult } from '../agent-event.js';
import type { CodingProgram, Conclusion, Launch, ProgramReader } from '../coding/coding-program.js';
import {
  digestOf,
  inWorkspace,
  objectIn,
  resetTimeIn,
  sum,
  textOf,
  tokensOf,
  withoutSpent,
} from '../coding/reading.js';
import { tokenLogin } from '../coding/token-login.js';
import { codingHarness } from '../coding/run-coding-program.js';

const REPORT = '.baton-usage.json';
/** It tries six times by itself: beyond this many waiting is Baton's. */
const TRIES = 3;

/** GitHub Copilot CLI, with `--output-format json` (its schemas/session-events.schema.json describes the lines). */
export const copilotProgram: CodingProgram = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  command: 'copilot',
  install: 'npm install -g @github/copilot',
  testedVersion: '1.0.102',
  abilities: { resume: true, usage: true, cost: false, approvals: false, mcp: false },
  provider: 'github-copilot',
  priceProvider: 'github-copilot',
  keys: ['COPILOT_GITHUB_TOKEN'],
  hosts: [
    'api.github.com:443',
    'api.githubcopilot.com:443',
    'api.individual.githubcopilot.com:443',
    'api.business.githubcopilot.com:443',
    'api.enterprise.githubcopilot.com:443',
  ],
  login: tokenLogin(
    'GitHub Copilot CLI',
    ['COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN'],
    'run `gh auth token`, or make a token with the permission Copilot Requests',
  ),
  settlesMs: 1_000,
  sessionPaths: (session) => [`.copilot/session-state/${session}/events.jsonl`],
  report: REPORT,
  launch: ({ prompt, session, newSession, model, baseUrl, key, trustsRepository, home }: Launch) => ({
    argv: [
      ...['--output-format', 'json', '--allow-all-tools', '--allow-all-paths', '--no-ask-user', '--no-auto-update'],
      ...['--disable-builtin-mcps', '--disable-client-telemetry', '--no-color'],
      ...(trustsRepository ? [] : ['--no-custom-instructions']),
      ...['--usage-output-file', `${home}/${REPORT}`],
      ...['--session-id', session ?? newSession],
      ...(model === null ? [] : ['--model', model]),
    ],
    env: {
      ...(baseUrl !== null && {
        COPILOT_OFFLINE: 'true',
        COPILOT_PROVIDER_TYPE: 'openai',
        COPILOT_PROVIDER_BASE_URL: baseUrl,
        ...(model !== null && { COPILOT_MODEL: model }),
        ...(key !== null && { COPILOT_PROVIDER_API_KEY: key.value }),
      }),
      // Exactly this word has it heed the repository's hooks and servers.
      ...(trustsRepository && { COPILOT_ALLOW_ALL: 'true' }),
    },
    stdin: prompt,
  }),
  reader: ({ session, newSession, spent }) => new CopilotReader(session ?? newSession, spent),
};

export const copilot = codingHarness(copilotProgram);

class CopilotReader implements ProgramReader {
  readonly #session: string;
  readonly #spent: Spent;
  #message = '';
  #error: JsonObject | null = null;
  #isEnded = false;
  #gaveUp: Conclusion['verdict'] | null = null;
  readonly #called = new Map<string, { readonly name: string; readonly input: JsonObject }>();

  constructor(session: string, spent: Spent) {
    this.#session = session;
    this.#spent = spent;
  }

  isOver(): boolean {
    return this.#gaveUp !== null;
  }

  json(line: JsonObject): readonly AgentEvent[] | null {
    const data = isJsonObject(line['data']) ? line['data'] : {};
    switch (line['type']) {
      case 'assistant.message': {
        const text = textOf(data['content']);
        this.#message = text;
        return text.trim() === '' ? [] : [{ type: 'message', text }];
      }
      case 'assistant.reasoning':
        return [{ type: 'think', text: textOf(data['content']) }];
      case 'tool.execution_start': {
        const input = isJsonObject(data['arguments']) ? data['arguments'] : {};
        const call = { name: textOf(data['toolName']), input };
        this.#called.set(textOf(data['toolCallId']), call);
        return call.name === SHELL ? [eventOf(call, null)] : [];
      }
      case 'tool.execution_complete': {
        const id = textOf(data['toolCallId']);
        const call = this.#called.get(id);
        this.#called.delete(id);
        return call ? [eventOf(call, resultOf(data))] : [];
      }
      case 'session.compaction_complete':
        return [{ type: 'condense' }];
      case 'model.call_failure':
        return this.#failed(data);
      case 'session.error':
        this.#error = data;
        return [{ type: 'error', text: textOf(data['message']) }];
      case 'result':
        this.#isEnded = true;
        return [];
      default:
        return /^(assistant|model|session|tool|user|hook|skill|subagent|permission|system)\./.test(textOf(line['type']))
          ? []
          : null;
    }
  }

  conclude(report: string | null): Conclusion {
    return { session: this.#session, usage: usageIn(report, this.#spent), verdict: this.#verdict() };
  }

  /** It tells of each try at its provider. */
  #failed(data: JsonObject): AgentEvent[] {
    const message = messageIn(textOf(data['errorMessage']));
    const status = data['statusCode'];
    if (status === 429) this.#gaveUp ??= { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
    else if (typeof status === 'number' && status >= 500 && data['retryAttempt'] === TRIES - 1)
      this.#gaveUp ??= { kind: 'failed', message: `its model's host answered ${status}: ${message}`, retryable: true };
    return [{ type: 'error', text: message }];
  }

  #verdict(): Conclusion['verdict'] {
    if (this.#gaveUp !== null) return this.#gaveUp;
    if (this.#error !== null) return failureOf(this.#error);
    return this.#isEnded ? { kind: 'done', text: this.#message } : { kind: 'unsaid' };
  }
}

const SHELL = 'bash';

/** The shell's name for each call stands in its result, and would make every one another. */
const resultOf = (data: JsonObject): ToolResult => {
  const told = isJsonObject(data['result']) ? data['result']['content'] : data['error'];
  const shell = isJsonObject(data['shellExecution']) ? data['shellExecution']['exitCode'] : 0;
  return { ok: data['success'] === true && shell === 0, text: textOf(told).replace(/\s*<shellId: \d+ [^>]*>\s*$/, '') };
};

/** What a provider said, out of the JSON that it said it in. */
function messageIn(text: string): string {
  const said = objectIn(text)?.['message'];
  return typeof said === 'string' ? said : text;
}

function eventOf({ name, input }: { name: string; input: JsonObject }, result: ToolResult | null): AgentEvent {
  const path = inWorkspace(textOf(input['path']));
  switch (name) {
    case SHELL:
      return { type: 'command', command: textOf(input['command']), result };
    case 'view':
      return { type: 'read', what: path, digest: digestOf(input) };
    case 'grep':
    case 'glob':
      return { type: 'read', what: textOf(input['pattern']), digest: digestOf(input) };
    case 'create':
    case 'edit':
    case 'str_replace':
      return { type: 'edit', path, digest: digestOf(input), result };
    default:
      return { type: 'tool', tool: name, input: JSON.stringify(input), result };
  }
}

/** It reports the tokens of the whole conversation by model, and counts in credits of its own, not in dollars. */
function usageIn(report: string | null, spent: Spent): AgentUsage | null {
  const metrics = objectIn(report ?? '')?.['modelMetrics'];
  if (!isJsonObject(metrics)) return null;
  const models = Object.entries(metrics).flatMap(([model, told]) =>
    isJsonObject(told) && isJsonObject(told['usage']) ? [{ model, usage: told['usage'] }] : [],
  );
  const total = (name: string): number | null => {
    const counts = Object.fromEntries(models.map(({ usage }, index) => [index, usage[name] ?? null]));
    return sum(counts, ...Object.keys(counts));
  };
  const whole = {
    inputTokens: total('inputTokens'),
    cacheReadTokens: total('cacheReadTokens'),
    cacheWriteTokens: total('cacheWriteTokens'),
    outputTokens: total('outputTokens'),
  };
  const own = withoutSpent(whole, spent);
  // Of several models it is not known which of them the earlier attempts used.
  const [only, ...others] = models;
  return {
    inputTokens: own.inputTokens,
    outputTokens: own.outputTokens,
    costUsd: null,
    models: only && others.length === 0 ? tokensOf(only.model, own) : [],
  };
}

function failureOf(error: JsonObject): Conclusion['verdict'] {
  const message = textOf(error['message']);
  const status = error['statusCode'];
  if (status === 429 || error['errorType'] === 'rate_limit' || error['errorType'] === 'quota')
    return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
  const forGood = status === 401 || status === 403 || status === 404 || error['errorType'] === 'authentication';
  return { kind: 'failed', message, retryable: !forGood };
}
