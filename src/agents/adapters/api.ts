import { keepable } from '../../domain/keepable.js';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.js';
import { apiEntry } from '../../schema/agent-entry.js';
import type { AgentAnswer } from '../../schema/agent-output.js';
import type { AgentContext, AgentOutcome, Harness } from '../harness.js';
import { refuseJson } from '../keepable-json.js';
import { parseEntry } from '../parse-entry.js';
import { responseText } from '../response-text.js';

const MAX_RESPONSE_BYTES = 1024 * 1024;
/** Done twice they have the effect of once (RFC 9110, 9.2.2). */
const IDEMPOTENT = ['GET', 'PUT', 'DELETE'];

/**
 * API agents: one HTTP request to the host that the agent declares, sent by the worker itself. Redirects are not followed; a
 * call that may have been made is not made again unless it is idempotent, by its method or by a key that the host knows it by.
 */
export const api: Harness = {
  async run(entry, request, context) {
    const { host, requests, timeoutMs } = parseEntry(apiEntry, entry, 'api');
    if (isOver(context.signal)) return failed('cancelled', 'The attempt was cancelled.', false);
    const own = Object.hasOwn(requests, request.action) ? requests[request.action] : undefined;
    if (!own) return failed('no-request', `The agent has no request for ${request.action}.`, false);

    const again = IDEMPOTENT.includes(own.method) || own.idempotencyHeader !== null;
    if (context.startedBefore && !again) {
      const message = `The call for ${request.action} may have been made already, and its host knows no key: look there, then run the step again.`;
      return failed('outcome-unknown', message, false);
    }
    const missing = Object.values(own.secretHeaders).find(({ variable }) => !context.secrets[variable]);
    if (missing)
      return failed(
        'secret-missing',
        `The worker's environment has no ${missing.variable}: set it where workers start.`,
        false,
      );
    const url = new URL(fill(own.path, request.params, encodeURIComponent), host);
    if (url.origin !== new URL(host).origin)
      return failed('host-not-declared', `The path of ${request.action} leads away from ${host}.`, false);

    const limitMs = Math.min(context.timeoutMs, timeoutMs);
    const limit = AbortSignal.timeout(limitMs);
    context.log(`${own.method} ${url.origin}${url.pathname}`);
    try {
      const response = await fetch(url, {
        method: own.method,
        headers: headersOf(own, context),
        redirect: 'manual',
        signal: AbortSignal.any([context.signal, limit]),
        ...(own.method !== 'GET' && { body: JSON.stringify(fillAll(own.body, request.params)) }),
      });
      return await read(response, again);
    } catch (error) {
      if (isOver(context.signal)) return failed('cancelled', 'The attempt was cancelled.', false);
      if (isOver(limit)) return failed('agent-timed-out', `${url.host} did not answer within ${limitMs} ms.`, again);
      const { message, cause } = error as Error;
      return failed(
        'call-failed',
        `${url.host} cannot be reached: ${(cause as Error | undefined)?.message ?? message}.`,
        again,
      );
    }
  },
};

const isOver = (signal: AbortSignal): boolean => signal.aborted;

type ApiRequest = ReturnType<typeof apiEntry.parse>['requests'][string];

function headersOf({ secretHeaders, idempotencyHeader }: ApiRequest, { secrets, idempotencyKey }: AgentContext) {
  const secret = Object.entries(secretHeaders).map(([name, { variable, prefix }]) => [
    name,
    `${prefix}${secrets[variable]!}`,
  ]);
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(Object.fromEntries(secret) as Record<string, string>),
    ...(idempotencyHeader !== null && { [idempotencyHeader]: idempotencyKey }),
  };
}

async function read(response: Response, again: boolean): Promise<AgentOutcome> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return failed('redirected', `The host answered ${status}; redirects are not followed.`, false);
  }
  const text = await responseText(response, MAX_RESPONSE_BYTES);
  if (status < 200 || status >= 300)
    // A refusal is an answer: the call was not carried out. Of a broken server nobody knows.
    return failed(
      'call-refused',
      `The host answered ${status}: ${keepable((text ?? '').slice(0, 500))}`,
      status === 429 || (status >= 500 && again),
    );
  if (text === null) return failed('agent-output-invalid', 'The answer is larger than 1 MiB.', false);
  let output: Json;
  try {
    output = text.trim() === '' ? {} : (JSON.parse(text) as Json);
  } catch {
    return failed('agent-output-invalid', `The answer is not JSON: ${keepable(text.slice(0, 120))}`, false);
  }
  if (!isJsonObject(output)) return failed('agent-output-invalid', 'The answer is JSON, but no object.', false);
  const refused = refuseJson(output);
  if (refused !== null) return failed('agent-output-invalid', `The answer ${refused}.`, false);
  const answer: AgentAnswer = { summary: '', findings: [], output: output as AgentAnswer['output'], session: null };
  return { kind: 'answered', answer, usage: null };
}

/** `{name}` is the parameter of that name. */
const fill = (text: string, params: JsonObject, encode: (value: string) => string): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => encode(asText(params[name])));

/** A whole `{name}` keeps its type. */
function fillAll(template: Json, params: JsonObject): Json {
  if (typeof template === 'string') {
    const whole = /^\{(\w+)\}$/.exec(template)?.[1];
    return whole === undefined ? fill(template, params, (value) => value) : (params[whole] ?? null);
  }
  if (Array.isArray(template)) return (template as readonly Json[]).map((item) => fillAll(item, params));
  if (!isJsonObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillAll(value, params)]));
}

const asText = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

const failed = (code: string, message: string, retryable: boolean): AgentOutcome => ({
  kind: 'failed',
  code,
  message,
  retryable,
  usage: null,
});
