import { fileURLToPath } from 'node:url';
import { programFile } from '../../sandbox/program-file.js';
import { ASKED_KINDS, type AskedKind } from '../../domain/permission-request.js';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.js';
import type { AgentEvent, ToolResult } from '../agent-event.js';
import type { CodingProgram, Conclusion, Guard, Launch, McpServer, ProgramReader } from '../coding/coding-program.js';
import { digestOf, inWorkspace, resetTimeIn, sum, textOf } from '../coding/reading.js';
import { tokenLogin } from '../coding/token-login.js';
import { codingHarness } from '../coding/run-coding-program.js';

const QUIET = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_AUTOUPDATER: '1',
  // Beyond that the provider's limit is an outcome of the attempt, and waiting is Baton's.
  CLAUDE_CODE_MAX_RETRIES: '2',
};
const EDITING = 'Edit Write NotebookEdit';
const TOOLS: Readonly<Record<AskedKind, string>> = {
  command: 'Bash|PowerShell|Monitor',
  edit: 'Edit|MultiEdit|Write|NotebookEdit',
  fetch: 'WebFetch|WebSearch',
  // Baton's own tools are how it asks.
  other: 'mcp__(?!baton__).*',
};

/** Claude Code, with `--output-format stream-json` (its Agent SDK's message types describe the lines). */
export const claudeProgram: CodingProgram = {
  name: 'claude',
  title: 'Claude Code',
  command: 'claude',
  install: 'npm install -g @anthropic-ai/claude-code',
  testedVersion: '2.1.330',
  abilities: { resume: true, usage: true, cost: true, approvals: true, mcp: true },
  provider: 'anthropic',
  keys: ['ANTHROPIC_API_KEY'],
  hosts: ['api.anthropic.com:443'],
  login: tokenLogin('Claude Code', ['CLAUDE_CODE_OAUTH_TOKEN'], 'run `claude setup-token`', {
    url: 'https://api.anthropic.com',
    paths: ['/v1/messages', '/v1/messages/count_tokens'],
    env: { CLAUDE_CODE_OAUTH_TOKEN: 'held-by-baton' },
  }),
  sessionPaths: () => ['.claude/projects'],
  launch: ({
    prompt,
    isHeldUp,
    session,
    newSession,
    mode,
    model,
    baseUrl,
    key,
    isSignedIn,
    trustsRepository,
    node,
    guard,
    mcp,
  }: Launch) => ({
    argv: [
      ...['-p', '--output-format', 'stream-json', '--verbose', '--dangerously-skip-permissions'],
      ...(session === null ? ['--session-id', newSession] : ['--resume', session]),
      ...(model === null ? [] : ['--model', model]),
      ...(mode === 'analysis' ? ['--disallowedTools', EDITING] : []),
      ...(trustsRepository ? [] : ['--setting-sources', 'user', '--strict-mcp-config']),
      ...(guard.kinds.length === 0 ? [] : ['--settings', `${guard.folder}/${SETTINGS}`]),
      ...(mcp === null ? [] : ['--mcp-config', JSON.stringify({ mcpServers: { [mcp.name]: server(mcp) } })]),
    ],
    env: {
      ...QUIET,
      ...(baseUrl !== null && { ANTHROPIC_BASE_URL: baseUrl }),
      ...(key === null && !isSignedIn && { ANTHROPIC_API_KEY: 'none-needed' }),
    },
    stdin: isHeldUp ? '' : prompt,
    ...(guard.kinds.length > 0 && {
      guarded: { [SETTINGS]: settingsOf(guard, node), [ANSWERS]: JSON.stringify(guard.answered) },
    }),
  }),
  reader: ({ spent }) => new ClaudeReader(spent.costUsd),
};

const PROGRAMS = fileURLToPath(new URL('../coding/programs', import.meta.url));
const SETTINGS = 'settings.json';
const ANSWERS = 'answers.json';
const HOOK_SECONDS = 600;

/** A hook that fails any other way lets the tool be used. */
function settingsOf({ kinds, folder, programs }: Guard, node: string): string {
  const command = `${node} ${programs}/${programFile(PROGRAMS, 'ask-people')} ${folder}/${ANSWERS} || exit 2`;
  const PreToolUse = kinds.map((kind) => ({
    matcher: TOOLS[kind],
    hooks: [{ type: 'command', command, timeout: HOOK_SECONDS }],
  }));
  return JSON.stringify({ disableAllHooks: false, hooks: { PreToolUse } });
}

export const claude = codingHarness(claudeProgram);

/** It fills in variables of its environment by itself: a token stands in no command line. */
const server = ({ url, token }: McpServer) => ({
  ...{ type: 'http', url },
  ...(token && { headers: { Authorization: `Bearer \${${token.variable}}` } }),
});

class ClaudeReader implements ProgramReader {
  readonly #spentUsd: number;
  #session: string | null = null;
  #result: JsonObject | null = null;
  readonly #called = new Map<string, { readonly name: string; readonly input: JsonObject }>();

  constructor(spentUsd: number) {
    this.#spentUsd = spentUsd;
  }

  json(line: JsonObject): readonly AgentEvent[] | null {
    if (typeof line['session_id'] === 'string') this.#session = line['session_id'];
    switch (line['type']) {
      case 'system':
        return line['subtype'] === 'compact_boundary' ? [{ type: 'condense' }] : [];
      case 'assistant':
        return contentOf(line).flatMap((block) => this.#said(block));
      case 'user':
        return contentOf(line).flatMap((block) => this.#returned(block));
      case 'result':
        this.#result = line;
        return [{ type: 'usage', ...usageOf(line, this.#spentUsd) }];
      default:
        return null;
    }
  }

  conclude(): Conclusion {
    const result = this.#result;
    return {
      session: this.#session,
      usage: result && usageOf(result, this.#spentUsd),
      verdict: result ? (askedBy(result) ?? verdictOf(result)) : { kind: 'unsaid' },
    };
  }

  #said(block: JsonObject): AgentEvent[] {
    switch (block['type']) {
      case 'text':
        return [{ type: 'message', text: textOf(block['text']) }];
      case 'thinking':
        return [{ type: 'think', text: textOf(block['thinking']) }];
      case 'tool_use': {
        const call = { name: textOf(block['name']), input: isJsonObject(block['input']) ? block['input'] : {} };
        this.#called.set(textOf(block['id']), call);
        return call.name === 'Bash' ? [eventOf(call, null)] : [];
      }
      default:
        return [];
    }
  }

  #returned(block: JsonObject): AgentEvent[] {
    const id = textOf(block['tool_use_id']);
    const call = this.#called.get(id);
    if (block['type'] !== 'tool_result' || !call) return [];
    this.#called.delete(id);
    return [eventOf(call, { ok: block['is_error'] !== true, text: textOf(block['content']) })];
  }
}

function eventOf({ name, input }: { name: string; input: JsonObject }, result: ToolResult | null): AgentEvent {
  const path = inWorkspace(textOf(input['file_path'] ?? input['notebook_path']));
  switch (name) {
    case 'Read':
      return { type: 'read', what: path, digest: digestOf(input) };
    case 'Grep':
    case 'Glob':
      return { type: 'read', what: textOf(input['pattern']), digest: digestOf(input) };
    case 'Edit':
    case 'Write':
    case 'NotebookEdit':
      return { type: 'edit', path, digest: digestOf(input), result };
    case 'Bash':
      return { type: 'command', command: textOf(input['command']), result };
    default:
      return { type: 'tool', tool: name, input: JSON.stringify(input), result };
  }
}

function contentOf(line: JsonObject): readonly JsonObject[] {
  const message = line['message'];
  const content: Json = isJsonObject(message) ? (message['content'] ?? null) : null;
  return Array.isArray(content) ? content.filter(isJsonObject) : [];
}

/** Its tokens are of one execution, its cost is of the whole conversation. */
function usageOf(result: JsonObject, spentUsd: number) {
  const usage = isJsonObject(result['usage']) ? result['usage'] : {};
  const cost = result['total_cost_usd'];
  return {
    inputTokens: sum(usage, 'input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'),
    outputTokens: sum(usage, 'output_tokens'),
    costUsd: typeof cost === 'number' ? Math.max(0, cost - spentUsd) : null,
  };
}

/** What it was put off at by its hook. */
function askedBy({ deferred_tool_use: use }: JsonObject): Extract<Conclusion['verdict'], { kind: 'asks' }> | null {
  if (!isJsonObject(use)) return null;
  const name = textOf(use['name']);
  const input = isJsonObject(use['input']) ? use['input'] : {};
  const kind = ASKED_KINDS.find((known) => new RegExp(`^(?:${TOOLS[known]})$`).test(name)) ?? 'other';
  const what = kind === 'command' ? textOf(input['command']) : `${name} ${JSON.stringify(input, null, 2)}`;
  return { kind: 'asks', what, permission: { kind, key: textOf(use['id']) } };
}

// A refused key comes as `subtype: success` with `is_error`.
function verdictOf(result: JsonObject): Conclusion['verdict'] {
  const errors = Array.isArray(result['errors']) ? result['errors'].map(textOf).join('; ') : '';
  const message = textOf(result['result']) || errors || textOf(result['subtype']);
  if (result['subtype'] === 'success' && result['is_error'] !== true) return { kind: 'done', text: message };
  const status = result['api_error_status'];
  if (status === 429 || /limit reached|rate.?limit|out of credits|credit balance/i.test(message))
    return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
  return { kind: 'failed', message, retryable: status !== 401 && status !== 403 && status !== 404 };
}
