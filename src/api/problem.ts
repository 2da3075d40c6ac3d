import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { BatonError } from '../domain/errors.js';
import type { Problem } from '../schema/api/problem.js';
import { redact } from '../telemetry/redact.js';
import type { Logger } from '../telemetry/logger.js';
import { isDatabaseAway, isTemporalAway } from './away.js';

/** Status by code. A BatonError that is not named here is a refusal with a reason: 422. */
const STATUS: Readonly<Record<string, number>> = {
  'malformed-json': 400,
  'malformed-url': 400,
  'invalid-request': 400,
  'invalid-cursor': 400,
  'invalid-idempotency-key': 400,
  'invalid-last-event-id': 400,
  'request-aborted': 400,
  'bad-request': 400,
  'not-signed-in': 401,
  'sign-in-used': 401,
  'signature-invalid': 401,
  'role-too-low': 403,
  'scope-missing': 403,
  'wrong-origin': 403,
  'wrong-host': 403,
  'own-change': 403,
  'own-proposal': 403,
  'not-an-approver': 403,
  'not-asked': 403,
  'no-such-route': 404,
  'nothing-made': 404,
  'method-not-allowed': 405,
  'approval-not-open': 409,
  'event-replayed': 409,
  'decided-already': 409,
  'question-not-open': 409,
  'policies-decided': 409,
  'absence-overlaps': 409,
  'run-open-already': 409,
  'run-still-open': 409,
  'run-ended': 409,
  'run-ending': 409,
  'run-not-started': 409,
  'step-ended': 409,
  'paused-already': 409,
  'not-paused': 409,
  'name-taken': 409,
  'last-admin': 409,
  'has-key': 409,
  'repository-exists': 409,
  'repository-in-use': 409,
  'repository-removed': 409,
  'rename-lifts-denial': 409,
  'pull-diverged': 409,
  'branch-moved': 409,
  'ref-locked': 409,
  'push-behind': 409,
  'push-checked-out': 409,
  'push-refused': 409,
  'trial-open': 409,
  'trial-ended': 409,
  'file-exists': 409,
  'pull-request-open': 409,
  'task-begun': 409,
  'blockers-cycle': 409,
  'pipeline-not-active': 409,
  'not-there-yet': 409,
  'request-in-flight': 409,
  'artifact-closed': 409,
  'notice-not-failed': 409,
  'agent-not-paused': 409,
  'not-a-session': 409,
  'commit-ambiguous': 409,
  'precondition-failed': 412,
  'too-large': 413,
  'wrong-content-type': 415,
  'range-not-satisfiable': 416,
  'pipeline-invalid': 422,
  'preconditions-failed': 409,
  'idempotency-key-reused': 422,
  'decision-unknown': 503,
  'database-unavailable': 503,
  'temporal-unavailable': 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Not possible now',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Wrong content type',
  416: 'Range not satisfiable',
  422: 'Refused',
  500: 'Internal error',
  503: 'Not available now',
};

const statusOf = (code: string): number => STATUS[code] ?? (code.endsWith('-not-found') ? 404 : 422);

/** Any error as a problem (RFC 9457). What is not ours gets a reference into the log, and shows nothing of itself. */
export function toProblem(thrown: unknown, log: Logger): Problem {
  const error = known(thrown);
  if (error) {
    const status = statusOf(error.code);
    const { errors, ...details } = error.details;
    // Git repeats the address that it was given.
    const detail = redact(error.message) as string;
    return {
      type: `https://baton.invalid/problems/${error.code}`,
      title: TITLES[status] ?? 'Refused',
      status,
      detail,
      code: error.code,
      errors: Array.isArray(errors) ? (errors as Problem['errors']) : [],
      ...(Object.keys(details).length > 0 && { details: redact(details) as Record<string, unknown> }),
    };
  }
  const reference = randomUUID();
  log.error({ err: thrown, reference }, 'a request failed');
  return {
    type: 'https://baton.invalid/problems/internal',
    title: 'Internal error',
    status: 500,
    detail: `Something went wrong that should not have; the log of the API has it under ${reference}.`,
    code: 'internal',
    errors: [],
    reference,
  };
}

export function sendProblem(res: Response, problem: Problem): void {
  if (res.headersSent) {
    // The stream is broken off: there is no other way to say so any more.
    res.destroy();
    return;
  }
  if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer realm="baton"');
  if (problem.status === 503 || problem.code === 'request-in-flight') res.set('Retry-After', '1');
  res
    .status(problem.status)
    .set('Content-Type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

interface Foreign {
  readonly type?: unknown;
  readonly message?: string;
  readonly status?: unknown;
}

/** Ours, or what Express, PostgreSQL and Temporal say that a caller can act on. */
function known(thrown: unknown): BatonError | null {
  if (thrown instanceof BatonError) return thrown;
  const { type, message = '', status } = (thrown ?? {}) as Foreign;
  switch (type) {
    case 'entity.too.large':
      return new BatonError('too-large', 'A request body is at most 256 KiB.');
    case 'entity.parse.failed':
      return new BatonError('malformed-json', `The body is not JSON: ${message}.`);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new BatonError('wrong-content-type', 'Send the body as application/json in UTF-8, not compressed.');
    case 'request.aborted':
    case 'request.size.invalid':
      return new BatonError('request-aborted', 'The body is not as long as its Content-Length says.');
  }
  if (thrown instanceof URIError)
    return new BatonError('malformed-url', 'The address holds a % that is not followed by two hex digits of UTF-8.');
  if (isDatabaseAway(thrown))
    return new BatonError('database-unavailable', 'The database cannot be reached now; try again in a moment.', {
      cause: thrown,
    });
  if (isTemporalAway(thrown))
    return new BatonError('temporal-unavailable', 'Temporal cannot be reached now; try again in a moment.', {
      cause: thrown,
    });
  return typeof status === 'number' && status >= 400 && status < 500 ? ofHttp(status, message, thrown) : null;
}

/** What those who serve files and read bodies refuse. */
function ofHttp(status: number, message: string, cause: unknown): BatonError {
  switch (status) {
    case 404:
      return new BatonError('no-such-route', 'There is nothing at this address.', { cause });
    case 412:
      return new BatonError('precondition-failed', 'It is not as the request expects it to be.', { cause });
    case 416:
      return new BatonError('range-not-satisfiable', 'There is nothing in that range.', { cause });
    default:
      return new BatonError('bad-request', `The request cannot be understood: ${message}.`, { cause });
  }
}
