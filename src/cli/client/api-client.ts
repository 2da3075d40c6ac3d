import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { problem, type Problem } from '../../schema/api/problem.js';
import { CliError, EXIT, type ExitCode } from '../exit-code.js';
import type { Server } from './find-server.js';

export interface Sent {
  readonly body?: unknown;
  /** Of a request that may be sent again; each has one of its own where it is left out. */
  readonly idempotencyKey?: string;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const TIMEOUT_MS = 60_000;

/** The REST API, as commands call it. Every failure is a CliError with its exit code. */
export class ApiClient {
  readonly #server: Server;
  readonly #timeoutMs: number;

  constructor(server: Server, { timeoutMs = TIMEOUT_MS } = {}) {
    this.#server = server;
    this.#timeoutMs = timeoutMs;
  }

  get url(): string {
    return this.#server.url;
  }

  get publicUrl(): string {
    return this.#server.publicUrl;
  }

  get<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>> {
    return this.#send(path, answer, { method: 'GET' });
  }

  post<T extends z.ZodType>(
    path: string,
    answer: T,
    { body, idempotencyKey = randomUUID() }: Sent = {},
  ): Promise<z.output<T>> {
    return this.#send(path, answer, {
      method: 'POST',
      headers: {
        'idempotency-key': idempotencyKey,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  delete<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>> {
    return this.#send(path, answer, { method: 'DELETE', headers: { 'idempotency-key': randomUUID() } });
  }

  /** An open answer, to be read as it comes. */
  async open(path: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response> {
    const response = await this.#reached(
      fetch(`${this.url}${path}`, {
        headers: { ...this.#authorization(), ...headers },
        ...(signal && { signal }),
      }),
    );
    if (!response.ok) throw await failureOf(response);
    return response;
  }

  #send<T extends z.ZodType>(path: string, answer: T, { headers = {}, ...init }: Call): Promise<z.output<T>> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const answered = async () => {
      const response = await fetch(`${this.url}${path}`, {
        ...init,
        headers: { ...this.#authorization(), accept: 'application/json', ...headers },
        signal,
      });
      if (!response.ok) throw await failureOf(response);
      const parsed = answer.safeParse(jsonOf(await response.text()));
      if (parsed.success) return parsed.data;
      throw otherVersion(this.url);
    };
    return this.#reached(answered());
  }

  /** Tells nobody who answers from one who takes too long; an error that is none of these stays what it is. */
  async #reached<T>(answering: Promise<T>): Promise<T> {
    try {
      return await answering;
    } catch (error) {
      const { name, cause } = error as Error;
      if (name === 'TimeoutError') {
        throw new CliError(
          EXIT.unreachable,
          'timeout',
          `${this.url} has not answered in ${this.#timeoutMs / 1000} s. It may still be at work on it: look before you send it again.`,
        );
      }
      if (name !== 'TypeError' || cause === undefined) throw error;
      throw new CliError(
        EXIT.unreachable,
        'unreachable',
        `No Baton answers at ${this.url}. Start it with \`npm start\` or \`baton up\`, or set BATON_URL.`,
      );
    }
  }

  #authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.#server.token}` };
  }
}

/** Trying again does not mend it. */
export const otherVersion = (url: string): CliError =>
  new CliError(
    EXIT.failed,
    'other-version',
    `${url} does not answer as this version of Baton does; are both of one version?`,
  );

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function failureOf(response: Response): Promise<CliError> {
  const parsed = problem.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    return new CliError(
      exitOf(response.status),
      'unknown-answer',
      `${response.url} answered ${response.status}; is this Baton?`,
    );
  }
  const { code, detail, errors, reference } = parsed.data;
  const trace = reference === undefined ? '' : ` (${reference})`;
  return new CliError(exitOf(response.status), code, `${detail}${trace}`, shownErrors(parsed.data, errors));
}

/** One that is told by the sentence already is not told again. */
const shownErrors = ({ code }: Problem, errors: Problem['errors']): Problem['errors'] =>
  errors.length > 1 || code === 'pipeline-invalid' ? errors : [];

function exitOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 404) return EXIT.notFound;
  return status === 502 || status === 503 || status === 504 ? EXIT.unreachable : EXIT.failed;
}
