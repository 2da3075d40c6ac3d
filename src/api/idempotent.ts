import { createHash, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { withOrganisation } from '../db/connection.js';
import { claimKey, keepAnswer, releaseKey, renewClaim, RENEW_CLAIM_MS, type KeyedRequest } from '../db/idempotency.js';
import type { Principal } from '../db/people.js';
import { BatonError } from '../domain/errors.js';
import type { Json } from '../domain/json.js';
import type { ApiDeps } from './deps.js';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Try {
  /** Names the effects: unique in the organisation. */
  readonly key: string;
  readonly again: boolean;
}

/**
 * Answers a write that carries an Idempotency-Key once: sent again it gets the first answer. A refusal is an answer; a
 * server's failure is not, the request may be sent again. Throws `idempotency-key-reused`, `request-in-flight`.
 */
export async function once(
  req: Request,
  principal: Principal,
  { db, log }: ApiDeps,
  answer: (attempt: Try) => Promise<Answer>,
): Promise<Answer & { readonly replayed: boolean }> {
  const header = req.get('idempotency-key');
  if (header === undefined) return answerFresh(answer);
  if (!/^[\x21-\x7e]{1,200}$/.test(header)) {
    throw new BatonError(
      'invalid-idempotency-key',
      'An Idempotency-Key is 1 to 200 visible ASCII characters; a UUID is a good one.',
    );
  }
  const { organisationId, personId } = principal;
  const request: KeyedRequest = { organisationId, personId, key: header, hash: hashOf(req) };
  const inOrganisation = <T>(work: Parameters<typeof withOrganisation<T>>[2]) =>
    withOrganisation<T>(db, organisationId, work);

  const claim = await inOrganisation((tx) => claimKey(tx, request));
  switch (claim.kind) {
    case 'answered':
      return { status: claim.status, body: claim.body, replayed: true };
    case 'in-flight':
      throw new BatonError('request-in-flight', 'The same request is still at work; send it again in a moment.');
    case 'other-request':
      throw new BatonError(
        'idempotency-key-reused',
        'This Idempotency-Key was used for another request; take a new one for each.',
      );
    case 'claimed':
      break;
  }
  const renewal = setInterval(() => {
    inOrganisation((tx) => renewClaim(tx, claim.claim)).catch((error: unknown) =>
      log.warn({ err: error }, 'a request at work could not say so; the same request may begin beside it'),
    );
  }, RENEW_CLAIM_MS);
  try {
    const answered = await answer({ key: `api/${personId}/${header}`, again: claim.again });
    await inOrganisation((tx) =>
      answered.status >= 500
        ? releaseKey(tx, claim.claim)
        : keepAnswer(tx, claim.claim, answered.status, answered.body as Json),
    );
    return { ...answered, replayed: false };
  } catch (error) {
    await inOrganisation((tx) => releaseKey(tx, claim.claim)).catch((failure: unknown) =>
      log.error({ err: failure }, 'an Idempotency-Key could not be released; it is free again in a moment'),
    );
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

/** Answers a request that nobody means to repeat. */
export const answerFresh = async (answer: (attempt: Try) => Promise<Answer>) => ({
  ...(await answer({ key: `api/${randomUUID()}`, again: false })),
  replayed: false,
});

const hashOf = (req: Request): string =>
  createHash('sha256')
    .update(`${req.method} ${req.originalUrl}\n${JSON.stringify(sorted(req.body ?? {}))}`)
    .digest('hex');

/** The same JSON whatever the order of its keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
