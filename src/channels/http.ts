import { BatonError } from '../domain/errors.js';

/** How long a channel may take to answer. */
const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const SHOWN_CHARACTERS = 200;

export interface Sent {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What `Retry-After` asks for, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/** Posts JSON. A redirect is not followed: it could lead what is sent to somebody else. Throws `channel-unreachable`. */
export async function postJson({ url, headers = {}, body, signal }: Sent): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'baton', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await readSome(response);
    return { status: response.status, text, retryAfterMs: retryAfter(response.headers.get('retry-after')) };
  } catch (error) {
    signal.throwIfAborted();
    throw new BatonError('channel-unreachable', `The channel does not answer: ${reasonOf(error)}.`, {
      retryable: true,
    });
  }
}

/** What a channel that answers by its HTTP status has said no to; null where it took the message. */
export function refusal({ status, text, retryAfterMs }: Answer, mayPass = passes(status)): BatonError | null {
  if (status >= 200 && status < 300) return null;
  const said = text.trim().slice(0, SHOWN_CHARACTERS);
  return new BatonError(
    mayPass ? 'channel-busy' : 'channel-refused',
    `The channel answered ${status}${said === '' ? '' : `: ${said}`}.`,
    { retryable: mayPass, details: { status, ...(retryAfterMs !== null && { retryAfterMs }) } },
  );
}

/** Too early, too often, or the fault of the other side. */
const passes = (status: number): boolean => [408, 425, 429].includes(status) || status >= 500;

async function readSome(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    parts.push(part);
    bytes += part.byteLength;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}

/** Seconds; the form with a date is as good as none. */
function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `it took longer than ${TIMEOUT_MS / 1_000} s`;
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
}

/** The address that is a channel's secret. Throws `secret-invalid`. */
export function secretUrl(secret: string): string {
  if (/^https?:\/\//.test(secret) && URL.canParse(secret)) return secret;
  throw new BatonError('secret-invalid', "The channel's secret is not the address of a webhook, https://….");
}
