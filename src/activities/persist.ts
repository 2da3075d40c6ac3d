import { setTimeout as sleep } from 'node:timers/promises';
import { isConflict, withOrganisation, type Tx } from '../db/connection.js';
import { cancellation } from './cancellation.js';
import type { ActivityDeps } from './deps.js';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 5_000;

/**
 * Writes to the record, and waits where PostgreSQL is away or others hold what it needs: what an agent did is never done
 * again because the record could not be written. The worker's heartbeat goes on meanwhile; cancelling ends the wait.
 */
export async function persist<T>(
  { db, log }: Pick<ActivityDeps, 'db' | 'log'>,
  organisationId: string,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)) {
    try {
      return await withOrganisation(db, organisationId, write);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ err: error }, 'the record cannot be written now; trying again');
      await sleep(delayMs, undefined, { signal: cancellation() });
    }
  }
}

/**
 * Connection lost, refused or reset, the server starting, stopping or out of connections (PostgreSQL error classes 08, 53,
 * 57); a lock that was not to be had (55P03), or a transaction that gave way to others again and again.
 */
export function isUnavailable(error: unknown): boolean {
  if (isConflict(error)) return true;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && /^(08|53|57P|55P03|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code))
    return true;
  return (
    typeof message === 'string' &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  );
}
