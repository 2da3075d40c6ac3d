import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import { event, type WireEvent } from '../schema/api/event.js';
import { problem } from '../schema/api/problem.js';

const RETRY_MS = 1_000;

interface Sent {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly accept?: string;
  readonly lastEventId?: string;
}

/**
 * The REST API as the demo calls it: what may pass, an API that is being started again or that cannot work for a
 * moment, is tried again until the signal ends it. Everything else is a BatonError `demo-failed`.
 */
export class DemoApi {
  readonly #url: string;
  readonly #key: string;
  readonly #signal: AbortSignal;

  constructor(options: { readonly url: string; readonly key: string; readonly signal: AbortSignal }) {
    this.#url = options.url;
    this.#key = options.key;
    this.#signal = options.signal;
  }

  get<T>(path: string, answer: z.ZodType<T>): Promise<T> {
    return this.#persist(async () => understood(answer, await (await this.#open(path)).json()));
  }

  post<T>(path: string, answer: z.ZodType<T>, body: unknown, idempotencyKey: string): Promise<T> {
    return this.#persist(async () =>
      understood(answer, await (await this.#open(path, { body, idempotencyKey })).json()),
    );
  }

  /** What happens, in its order and once; a lost connection is taken up where it broke. */
  async *events(path: string): AsyncGenerator<WireEvent> {
    let lastEventId = '';
    for (;;) {
      const { body } = await this.#persist(() => this.#open(path, { accept: 'text/event-stream', lastEventId }));
      try {
        for await (const message of body!
          .pipeThrough(new TextDecoderStream())
          .pipeThrough(new EventSourceParserStream())) {
          lastEventId = message.id ?? lastEventId;
          yield understood(event, JSON.parse(message.data));
        }
      } catch (error) {
        if (!this.#mayPass(error)) throw error;
      }
      await sleep(RETRY_MS, undefined, { signal: this.#signal });
    }
  }

  async #open(path: string, { body, idempotencyKey, accept, lastEventId = '' }: Sent = {}): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${this.#key}`,
        accept: accept ?? 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...(lastEventId !== '' && { 'last-event-id': lastEventId }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: this.#signal,
    });
    if (response.ok) return response;
    const said = problem.safeParse(await response.json().catch(() => undefined));
    throw new BatonError('demo-failed', said.data?.detail ?? `The API answers ${response.status} to ${path}.`, {
      retryable: response.status >= 500 || said.data?.code === 'request-in-flight',
    });
  }

  async #persist<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!this.#mayPass(error)) throw error;
      }
      await sleep(RETRY_MS, undefined, { signal: this.#signal });
    }
  }

  #mayPass(error: unknown): boolean {
    if (this.#signal.aborted) return false;
    return error instanceof BatonError ? error.retryable : isConnectionFailure(error as Error);
  }
}

/** fetch tells of a connection that could not be made, or broke, by a TypeError with its cause. */
const isConnectionFailure = ({ name, cause }: Error): boolean => name === 'TypeError' && cause !== undefined;

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new BatonError('demo-failed', 'The API does not answer as this version of Baton does.', {
    cause: parsed.error,
  });
}
