import type { z } from 'zod';
import { problem, type Problem } from '../../schema/api/problem.js';
import { CliError, EXIT, type ExitCode } from '../exit-code.js';
import type { Server } from './find-server.js';

export interface Sent {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

const TIMEOUT_MS = 60_000;

/** The REST API, as commands call it. Every failure is a CliError with its exit code. */
export class ApiClient {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  get url(): string {
    return this.#server.url;
  }

  get<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>> {
    return this.#send('GET', path, answer, {});
  }

  post<T extends z.ZodType>(path: string, answer: T, sent: Sent = {}): Promise<z.output<T>> {
    return this.#send('POST', path, answer, sent);
  }

  /** An open answer, to be read as it comes. */
  async open(path: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response> {
    const response = await this.#fetch(path, {
      headers: { ...this.#authorization(), ...headers },
      ...(signal && { signal }),
    });
    if (!response.ok) throw await failureOf(response);
    return response;
  }

  async #send<T extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    answer: T,
    { body, idempotencyKey }: Sent,
  ): Promise<z.output<T>> {
    const response = await this.#fetch(path, {
      method,
      headers: {
        ...this.#authorization(),
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw await failureOf(response);
    const parsed = answer.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new CliError(
      EXIT.unreachable,
      'unknown-answer',
      `${this.url} does not answer as this version of Baton does; are both of one version?`,
    );
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${this.#server.url}${path}`, init);
    } catch (error) {
      if (init.signal?.aborted && !(error instanceof DOMException && error.name === 'TimeoutError')) throw error;
      throw new CliError(
        EXIT.unreachable,
        'unreachable',
        `No Baton answers at ${this.#server.url}. Start it with \`npm start\` or \`baton up\`, or set BATON_URL.`,
      );
    }
  }

  #authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.#server.token}` };
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
