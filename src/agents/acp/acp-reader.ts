import {
  client,
  methods,
  PROTOCOL_VERSION,
  RequestError,
  type AgentCapabilities,
  type AnyMessage,
  type ClientContext,
  type McpServer,
  type NewSessionRequest,
  type NewSessionResponse,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.js';
import type { AgentUsage } from '../../schema/agent-output.js';
import type { AgentEvent } from '../agent-event.js';
import type { Conclusion, Launch, ProgramReader } from '../coding/coding-program.js';
import { resetTimeIn, sum, textOf } from '../coding/reading.js';
import { askedKindOf, describeCall, requestKey, toolEvents, type ToolCall } from './tool-call.js';

/**
 * Speaks the Agent Client Protocol with a program, as its client: one prompt. Requests and answers are the SDK's; what the
 * program tells of its work is read here, line by line, so that what no version knows is kept and never fatal.
 */
export class AcpReader implements ProgramReader {
  readonly #launch: Launch;
  readonly #authMethod: string | null;
  readonly #calls = new Map<string, ToolCall>();
  #incoming!: ReadableStreamDefaultController<AnyMessage>;
  readonly #readable = new ReadableStream<AnyMessage>({ start: (controller) => void (this.#incoming = controller) });
  #session: string | null = null;
  /** A session that is loaded tells all of its past again. */
  #isLoading = false;
  #message = '';
  #thought = '';
  #usage: AgentUsage | null = null;
  #verdict: Conclusion['verdict'] = { kind: 'unsaid' };
  /** What it was denied, until it does anything else. */
  #denied: string | null = null;
  #asks: Extract<Conclusion['verdict'], { kind: 'asks' }> | null = null;

  constructor(launch: Launch, authMethod: string | null) {
    this.#launch = launch;
    this.#authMethod = authMethod;
  }

  async talk(write: (line: string) => void): Promise<void> {
    const writable = new WritableStream<AnyMessage>({ write: (message) => write(`${JSON.stringify(message)}\n`) });
    const app = client({ name: 'baton' })
      .onRequest(methods.client.session.requestPermission, ({ params, agent }) => this.#decide(params, agent))
      .onNotification(methods.client.session.update, () => undefined);
    try {
      await app.connectWith({ readable: this.#readable, writable }, (agent) => this.#work(agent));
    } catch (error) {
      // What else it throws is that the program has ended: that shows by itself.
      if (error instanceof RequestError && this.#verdict.kind === 'unsaid')
        this.#verdict = this.#asks ?? failureOf(error);
    }
  }

  hangUp(): void {
    try {
      this.#incoming.close();
    } catch {
      // The conversation is over already.
    }
  }

  json(line: JsonObject): readonly AgentEvent[] | null {
    if (line['method'] === methods.client.session.update) {
      const update = objectIn(objectIn(line, 'params'), 'update');
      return this.#isLoading ? [] : this.#told(update);
    }
    // The answer to the prompt is read before the connection is told of it, which then ends.
    const events = this.#ended(objectIn(line, 'result'));
    try {
      this.#incoming.enqueue(line as unknown as AnyMessage);
    } catch {
      return null;
    }
    return events;
  }

  conclude(): Conclusion {
    return { session: this.#session, usage: this.#usage, verdict: this.#verdict };
  }

  async #work(agent: ClientContext): Promise<void> {
    const { agentCapabilities: can = {} } = await agent.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      clientInfo: { name: 'baton', version: '1' },
    });
    if (this.#authMethod !== null) await agent.request(methods.agent.authenticate, { methodId: this.#authMethod });
    const place = { cwd: this.#launch.workspace, mcpServers: this.#servers(can) };
    const goesOn = await this.#goOn(agent, can, place);
    if (!goesOn) {
      const made: NewSessionResponse = await agent.request(methods.agent.session.new, place);
      this.#session = made.sessionId;
    }
    const text = this.#launch.promptIf({ goesOn, hasTools: place.mcpServers.length > 0 });
    await agent.request(methods.agent.session.prompt, {
      sessionId: this.#session!,
      prompt: [{ type: 'text', text }],
    });
  }

  /** Baton's tools, for a program that reaches them by HTTP without a secret of its own. */
  #servers({ mcpCapabilities }: AgentCapabilities): McpServer[] {
    const { mcp } = this.#launch;
    if (mcp?.token !== null || mcpCapabilities?.http !== true) return [];
    return [{ type: 'http', name: mcp.name, url: mcp.url, headers: [] }];
  }

  /** False where its conversation is gone, or it cannot go on with one. */
  async #goOn(
    agent: ClientContext,
    { loadSession, sessionCapabilities }: AgentCapabilities,
    place: Pick<NewSessionRequest, 'cwd' | 'mcpServers'>,
  ): Promise<boolean> {
    const { session: sessionId } = this.#launch;
    if (sessionId === null) return false;
    const canResume = (sessionCapabilities?.resume ?? null) !== null;
    if (!canResume && loadSession !== true) return false;
    this.#isLoading = true;
    try {
      const method = canResume ? methods.agent.session.resume : methods.agent.session.load;
      await agent.request(method, { sessionId, ...place });
      this.#session = sessionId;
      return true;
    } catch (error) {
      if (error instanceof RequestError) return false;
      throw error;
    } finally {
      this.#isLoading = false;
    }
  }

  /** What it is answered when it asks whether it may do something. */
  async #decide(
    { toolCall, options, sessionId }: RequestPermissionRequest,
    agent: ClientContext,
  ): Promise<RequestPermissionResponse> {
    const known = this.#calls.get(toolCall.toolCallId) ?? {};
    const call = { ...known, ...withoutNulls(toolCall as unknown as JsonObject) };
    const kind = askedKindOf(call);
    const { kinds, answered } = this.#launch.guard;
    const key = requestKey(call);
    const answer = kind !== null && kinds.includes(kind) ? answered[key] : { isAllowed: true };
    const choose = (...wanted: readonly string[]): RequestPermissionResponse => {
      const chosen = wanted.map((name) => options.find((option) => option.kind === name)).find(Boolean);
      return { outcome: chosen ? { outcome: 'selected', optionId: chosen.optionId } : { outcome: 'cancelled' } };
    };
    if (answer?.isAllowed === true) return choose('allow_once', 'allow_always');
    if (answer) {
      this.#denied = describeCall(call);
      return choose('reject_once', 'reject_always');
    }
    this.#asks ??= { kind: 'asks', what: describeCall(call), permission: { kind: kind!, key } };
    await agent.notify(methods.agent.session.cancel, { sessionId });
    return { outcome: { outcome: 'cancelled' } };
  }

  /** How its one prompt ended. */
  #ended(result: JsonObject): AgentEvent[] {
    const { stopReason } = result;
    if (typeof stopReason !== 'string') return [];
    this.#verdict = this.#asks ?? this.#brokenOff() ?? verdictOf(stopReason, this.#message);
    return [...this.#flush(), ...this.#counted(result)];
  }

  /** Some programs end their turn where they are denied something, as if all were done. */
  #brokenOff(): Conclusion['verdict'] | null {
    if (this.#denied === null || this.#message !== '') return null;
    return { kind: 'failed', message: `it stopped where it was denied: ${this.#denied}`, retryable: true };
  }

  #counted(result: JsonObject): AgentEvent[] {
    const usage = objectIn(result, 'usage');
    const quota = objectIn(objectIn(objectIn(result, '_meta'), 'quota'), 'token_count');
    const inputTokens =
      sum(usage, 'inputTokens', 'cachedReadTokens', 'cachedWriteTokens') ?? sum(quota, 'input_tokens');
    const outputTokens = sum(usage, 'outputTokens', 'thoughtTokens') ?? sum(quota, 'output_tokens');
    return inputTokens === null && outputTokens === null ? [] : this.#uses({ inputTokens, outputTokens });
  }

  #uses(part: Partial<AgentUsage>): AgentEvent[] {
    this.#usage = { inputTokens: null, outputTokens: null, costUsd: null, ...this.#usage, ...part };
    return [{ type: 'usage', ...this.#usage }];
  }

  /** What is still to be told: pieces are told when they are whole. */
  #flush(): AgentEvent[] {
    const events: AgentEvent[] = [
      ...(this.#thought === '' ? [] : [{ type: 'think', text: this.#thought } as const]),
      ...(this.#message === '' ? [] : [{ type: 'message', text: this.#message } as const]),
    ];
    this.#thought = '';
    return events;
  }

  #told(update: JsonObject): readonly AgentEvent[] | null {
    const kind = update['sessionUpdate'];
    switch (kind) {
      case 'agent_message_chunk':
        this.#message += textOf(update['content']);
        return [];
      case 'agent_thought_chunk':
        this.#thought += textOf(update['content']);
        return [];
      case 'tool_call':
      case 'tool_call_update': {
        const before = this.#flush();
        this.#message = '';
        const id = textOf(update['toolCallId']);
        const known = this.#calls.get(id);
        if (!known) this.#denied = null;
        const call = { ...known, ...withoutNulls(update) };
        this.#calls.set(id, call);
        return [...before, ...toolEvents(known ?? {}, call)];
      }
      case 'usage_update': {
        const cost = objectIn(update, 'cost');
        if (cost['currency'] !== 'USD' || typeof cost['amount'] !== 'number') return [];
        return this.#uses({ costUsd: Math.max(0, cost['amount'] - this.#launch.spent.costUsd) });
      }
      case 'plan':
      case 'user_message_chunk':
      case 'available_commands_update':
      case 'current_mode_update':
      case 'config_option_update':
      case 'session_info_update':
        return [];
      case 'compaction_update':
        return [{ type: 'condense' }];
      default:
        return null;
    }
  }
}

function verdictOf(stopReason: string, message: string): Conclusion['verdict'] {
  switch (stopReason) {
    case 'end_turn':
      return { kind: 'done', text: message };
    case 'refusal':
      return { kind: 'failed', message: 'its model refused', retryable: false };
    default:
      return { kind: 'failed', message: `it stopped with ${stopReason}`, retryable: true };
  }
}

const AUTH_REQUIRED = -32000;

function failureOf({ code, message: said, data }: RequestError): Conclusion['verdict'] {
  const message = [said, data === undefined ? '' : textOf(data as Json)].filter((part) => part !== '').join(': ');
  if (/\b429\b|rate.?limit|quota|RESOURCE_EXHAUSTED|usage limit/i.test(message))
    return { kind: 'limited', message, resetAtMs: resetTimeIn(message) };
  const isRefused = code === AUTH_REQUIRED || /\b40[13]\b|unauthori[sz]ed|api key/i.test(message);
  return { kind: 'failed', message, retryable: !isRefused };
}

function objectIn(of: JsonObject, name: string): JsonObject {
  const value = of[name] ?? null;
  return isJsonObject(value) ? value : {};
}

/** A field that an update leaves null stays as it was. */
const withoutNulls = (update: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(update).filter(([, value]) => value !== null));
