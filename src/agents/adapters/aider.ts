import { isJsonObject, type JsonObject } from '../../domain/json.js';
import { WORKSPACE } from '../../sandbox/policy.js';
import type { AgentUsage } from '../../schema/agent-output.js';
import type { AgentEvent } from '../agent-event.js';
import type { CodingProgram, Conclusion, Launch, ProgramReader } from '../coding/coding-program.js';
import { inWorkspace, objectIn, resetTimeIn, sum, textOf, tokensOf } from '../coding/reading.js';
import { codingHarness } from '../coding/run-coding-program.js';

const PROMPT = '.baton-prompt.md';
const REPORT = '.baton-report.txt';
/** How many of its last words are kept. */
const MAX_LINES = 20;

/** What it would ask, fetch, open, commit or run by itself. */
const QUIET = [
  ...['--yes-always', '--no-pretty', '--no-stream', '--no-fancy-input', '--no-notifications'],
  ...['--no-auto-commits', '--no-dirty-commits', '--no-gitignore', '--no-auto-lint', '--no-auto-test'],
  ...['--no-analytics', '--no-check-update', '--no-show-release-notes', '--no-show-model-warnings'],
  ...['--no-gui', '--no-copy-paste', '--no-watch-files', '--no-detect-urls', '--disable-playwright'],
  ...['--no-suggest-shell-commands', '--no-restore-chat-history'],
];

/** Aider, with `--message-file` (aider.chat/docs/scripting.html): it tells of its work in words, and of the rest in logs. */
export const aiderProgram: CodingProgram = {
  name: 'aider',
  title: 'Aider',
  command: 'aider',
  install: 'pipx install aider-chat',
  testedVersion: '0.86.2',
  proof: 'documentation',
  // Of a conversation that is long it takes up no more than a summary.
  abilities: { resume: false, usage: true, cost: true, approvals: false, mcp: false },
  provider: 'openai',
  keys: ['OPENAI_API_KEY'],
  hosts: ['api.openai.com:443'],
  // No option keeps it from them; the keys and addresses in them would take the place of the agent's own.
  needsTrust: ['.aider.conf.yml', '.aider.model.settings.yml', '.aider.model.metadata.json', '.env'],
  leaves: ['.aider.tags.cache.v3', '.aider.tags.cache.v4'],
  sessionPaths: () => [],
  report: REPORT,
  launch: ({ prompt, mode, model, baseUrl, key, home, workspace }: Launch) => ({
    argv: [
      ...QUIET,
      ...['--message-file', `${home}/${PROMPT}`],
      ...['--analytics-log', `${home}/${REPORT}`, '--llm-history-file', `${home}/${REPORT}`],
      ...['--chat-history-file', `${home}/.aider.chat.md`, '--input-history-file', `${home}/.aider.input`],
      ...(mode === 'analysis' ? ['--chat-mode', 'ask'] : []),
      // Of a model that it does not know it would ask for whole files.
      ...(mode === 'change' && baseUrl !== null ? ['--edit-format', 'diff'] : []),
      ...(model === null ? [] : ['--model', baseUrl === null ? model : `openai/${model}`]),
      // Its map of the repository is kept in the workspace, which only the sandbox keeps it from.
      ...(workspace === WORKSPACE ? [] : ['--map-tokens', '0']),
    ],
    env: {
      // Else it would break lines, also within JSON.
      COLUMNS: '1000000',
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      ...(baseUrl !== null && { OPENAI_API_BASE: baseUrl, OPENAI_API_KEY: key?.value ?? 'none-needed' }),
    },
    files: { [PROMPT]: prompt, [REPORT]: '', [PRICES]: '{"none":{}}' },
  }),
  reader: () => new AiderReader(),
};

/** What it has fetched of models' prices today: without it, it asks GitHub for them. Those that it ships count. */
const PRICES = '.aider/caches/model_prices_and_context_window.json';

export const aider = codingHarness(aiderProgram);

class AiderReader implements ProgramReader {
  /** Since its model answered last. */
  #lines: string[] = [];
  /** What its last try at the model came to, if it came to nothing. */
  #error: string | null = null;
  #gaveUp: Conclusion['verdict'] | null = null;

  /** A line of its words that happens to be JSON. */
  json(line: JsonObject): readonly AgentEvent[] {
    return this.text(JSON.stringify(line));
  }

  text(line: string): readonly AgentEvent[] {
    if (/^Tokens: \S+ sent, /.test(line)) {
      const text = this.#lines
        .filter((said) => !/^(?:Aider v|Model: |Git repo: |Repo-map: |Unable to use tags cache)/.test(said))
        .join('\n');
      this.#lines = [];
      this.#error = null;
      return text === '' ? [] : [{ type: 'message', text }];
    }
    const [, edited] = /^Applied edit to (.+)$/.exec(line) ?? [];
    if (edited !== undefined)
      return [{ type: 'edit', path: inWorkspace(edited.trim()), result: { ok: true, text: 'applied' } }];
    if (line.trim() !== '') this.#lines.push(line);
    if (/^litellm\.\w+: /.test(line)) {
      this.#error = line.trim();
      return [{ type: 'error', text: this.#error }];
    }
    // Its client has tried by itself three times then: waiting is Baton's.
    if (/^Retrying in [\d.]+ seconds/.test(line) && this.#error !== null) this.#gaveUp ??= failureOf(this.#error);
    return [];
  }

  isOver(): boolean {
    return this.#gaveUp !== null;
  }

  conclude(report: string | null): Conclusion {
    const log = eventsIn(report ?? '');
    return { session: null, usage: usageIn(log), verdict: this.#gaveUp ?? this.#verdict(log, report ?? '') };
  }

  #verdict(log: readonly LogEvent[], report: string): Conclusion['verdict'] {
    const lastWords = this.#lines.slice(-MAX_LINES).join('\n');
    const count = (name: string): number => log.filter(({ event }) => event === name).length;
    const sent = count('message_send');
    const isAnswered = sent > 0 && sent === count('message_send_starting');
    if (!isAnswered) {
      const message = this.#error ?? lastWords;
      return message === '' ? { kind: 'unsaid' } : failureOf(message);
    }
    const [fault] = /^(?:Only \d+ reflections allowed|Model .* has hit a token limit).*$/m.exec(lastWords) ?? [];
    if (fault !== undefined) return { kind: 'failed', message: lastWords, retryable: true };
    return count('exit') > 0 ? { kind: 'done', text: lastAnswerIn(report) } : { kind: 'unsaid' };
  }
}

interface LogEvent {
  readonly event: string;
  readonly properties: JsonObject;
}

/** The lines of its analytics; what it said to its model and heard stands between them. */
const eventsIn = (report: string): readonly LogEvent[] =>
  report.split('\n').flatMap((line) => {
    const value = line.startsWith('{"event": ') ? objectIn(line) : null;
    if (value === null) return [];
    return [
      { event: textOf(value['event']), properties: isJsonObject(value['properties']) ? value['properties'] : {} },
    ];
  });

const ANSWER = 'ASSISTANT ';

/** What its model answered last, each line of it marked as the model's. */
function lastAnswerIn(report: string): string {
  const lines = report.split('\n');
  const from = lines.findLastIndex((line) => /^LLM RESPONSE \d{4}-/.test(line)) + 1;
  const rest = lines.slice(from);
  const end = rest.findIndex((line) => !line.startsWith(ANSWER));
  return rest
    .slice(0, end === -1 ? rest.length : end)
    .map((line) => line.slice(ANSWER.length))
    .join('\n');
}

/** Of a model whose price it does not know it says that it cost nothing. */
function usageIn(log: readonly LogEvent[]): AgentUsage | null {
  const sent = log.filter(({ event }) => event === 'message_send').map(({ properties }) => properties);
  if (sent.length === 0) return null;
  const total = (name: string): number | null => {
    const counts = Object.fromEntries(sent.map((properties, index) => [index, properties[name] ?? null]));
    return sum(counts, ...Object.keys(counts));
  };
  const cost = sent.at(-1)!['total_cost'];
  const tokens = { inputTokens: total('prompt_tokens'), outputTokens: total('completion_tokens') };
  return {
    ...tokens,
    models: tokensOf(null, { ...tokens, cacheReadTokens: null, cacheWriteTokens: null }),
    costUsd: typeof cost === 'number' && cost > 0 ? cost : null,
  };
}

function failureOf(message: string): Conclusion['verdict'] {
  if (/RateLimitError|\b429\b|rate.?limit|quota|too many requests/i.test(message))
    return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
  const isForGood =
    /AuthenticationError|PermissionDeniedError|NotFoundError|\b40[134]\b|api.?key|unrecognized arguments/i.test(
      message,
    );
  return { kind: 'failed', message, retryable: !isForGood };
}
