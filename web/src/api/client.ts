import createClient from 'openapi-fetch';
import { ProblemError, UNREACHABLE } from './problem-error';
import type { Problem } from './schemas';
import type { paths } from './types';

export const client = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** What the API answered, or a `ProblemError` that says why not. */
export async function answerOf<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw UNREACHABLE;
  }
  if (!answer.response.ok) throw problemOf(answer.error, answer.response);
  // Nothing, where that is the answer.
  return answer.data as T;
}

export function problemOf(body: unknown, { status }: Response): ProblemError {
  if (isProblem(body)) return new ProblemError(body);
  return new ProblemError({ status, code: 'unknown', detail: `The server answered ${status} without saying why.` });
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'detail' in body && 'code' in body && 'status' in body;
