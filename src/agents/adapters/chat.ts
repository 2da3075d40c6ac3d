import { z } from 'zod';
import { keepable } from '../../domain/keepable.js';
import { chatEntry, type ChatEntry } from '../../schema/chat-entry.js';
import type { AgentUsage } from '../../schema/agent-output.js';
import { promptOf } from '../coding/prompt.js';
import { tokensOf } from '../coding/reading.js';
import { readAnswer } from '../coding/read-answer.js';
import { fingerprintOf } from '../fingerprint.js';
import type { AgentContext, AgentOutcome, Harness } from '../harness.js';
import { parseEntry } from '../parse-entry.js';
import { responseText } from '../response-text.js';

const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
const MAX_WORDS = 500;

const count = z.number().int().nonnegative().optional();
const completion = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string() }) })).min(1),
  usage: z
    .looseObject({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish(),
    })
    .nullish(),
});

/**
 * A model that only answers, at an endpoint of OpenAI's chat completions: it sees the prompt and no file. The worker
 * itself asks it; its key never comes near a sandbox. Redirects are not followed.
 */
export const chat: Harness = {
  account(entry, environment) {
    const { data } = chatEntry.safeParse(entry);
    if (!data) return null;
    // Without a key it is the address that takes no more.
    const value = data.key === null ? data.baseUrl : environment[data.key];
    return value === undefined ? null : { name: providerOf(data), fingerprint: fingerprintOf(value) };
  },
  async run(entry, request, context) {
    const parsed = parseEntry(chatEntry, entry, 'chat');
    if (request.mode === 'change')
      return failed(
        'mode-refused',
        `A chat model sees no files and changes none: give ${request.action} to an agent that edits the tree.`,
        false,
      );
    if (isOver(context.signal)) return failed('cancelled', 'The attempt was cancelled.', false);
    const key = parsed.key === null ? null : context.secrets[parsed.key];
    if (key === undefined || key === '')
      return failed(
        'key-missing',
        `The model needs its key: set ${parsed.key!} in the environment of the worker.`,
        false,
      );
    const url = `${parsed.baseUrl.replace(/\/+$/, '')}/chat/completions`;
    const limit = AbortSignal.timeout(context.timeoutMs);
    context.log(`POST ${url}, model ${parsed.model}`);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({
          model: parsed.model,
          // It keeps no conversation: each attempt is told everything.
          messages: [{ role: 'user', content: promptOf({ ...request, session: null }).text }],
        }),
        redirect: 'manual',
        signal: AbortSignal.any([context.signal, limit]),
      });
      const text = await responseText(response, MAX_RESPONSE_BYTES);
      return response.status === 200 ? answered(text, context) : refused(response, text, parsed);
    } catch (error) {
      if (isOver(context.signal)) return failed('cancelled', 'The attempt was cancelled.', false);
      if (isOver(limit))
        return failed(
          'agent-timed-out',
          `The model did not answer within ${Math.round(context.timeoutMs / 1000)} s.`,
          true,
        );
      const { message, cause } = error as Error;
      const why = (cause as Error | undefined)?.message ?? message;
      return failed('call-failed', `${new URL(url).host} cannot be reached: ${keepable(why)}.`, true);
    }
  },
};

const providerOf = ({ provider, baseUrl }: ChatEntry): string => provider ?? new URL(baseUrl).host;

const isOver = (signal: AbortSignal): boolean => signal.aborted;

function answered(text: string | null, context: AgentContext): AgentOutcome {
  if (text === null) return failed('agent-output-invalid', 'The answer is larger than 4 MiB.', false);
  const parsed = completion.safeParse(parse(text));
  if (!parsed.success) {
    const message = `The answer is no chat completion: ${keepable(text.slice(0, MAX_WORDS))}`;
    return failed('agent-output-invalid', message, true);
  }
  const { choices, usage: told } = parsed.data;
  context.raw(JSON.stringify(parsed.data));
  const tokens = { inputTokens: told?.prompt_tokens ?? null, outputTokens: told?.completion_tokens ?? null };
  const cacheReadTokens = told?.prompt_tokens_details?.cached_tokens ?? null;
  const models = tokensOf(null, { ...tokens, cacheReadTokens, cacheWriteTokens: null });
  const usage: AgentUsage = { ...tokens, costUsd: null, models };
  const said = choices[0]!.message.content;
  context.event({ type: 'message', text: said });
  context.event({ type: 'usage', ...usage });
  const read = readAnswer(said, 'analysis', null);
  if (typeof read !== 'string') return { ...read, usage };
  return { ...failed('agent-output-invalid', `The model's message ${read}.`, true), usage };
}

function refused(response: Response, text: string | null, entry: ChatEntry): AgentOutcome {
  const { status } = response;
  const words = keepable((text ?? '').slice(0, MAX_WORDS));
  if (status === 429)
    return {
      kind: 'limited',
      provider: providerOf(entry),
      message: words,
      resetAtMs: retryAfter(response.headers.get('retry-after')),
      usage: null,
    };
  return failed('agent-failed', `The model's host answered ${status}: ${words}`, status >= 500);
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const atMs = /^\d+$/.test(header) ? Date.now() + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(atMs) ? null : atMs;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const failed = (code: string, message: string, retryable: boolean): AgentOutcome => ({
  kind: 'failed',
  code,
  message,
  retryable,
  usage: null,
});
