import { Context } from '@temporalio/activity';
import { withOrganisation, type Tx } from '../db/connection.js';
import type { ActivityDeps } from './deps.js';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 5_000;

/**
 * Writes to the record, and waits where PostgreSQL is away: what an agent did is never done again because the record
 * could not be written. The worker's heartbeat goes on meanwhile; cancelling ends the wait.
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
      log.warn({ err: error }, 'the database is away; waiting for it');
      await Context.current().sleep(delayMs);
    }
  }
}

/** Connection lost, refused or reset, the server starting, stopping or out of connections (PostgreSQL error classes 08, 53, 57). */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && /^(08|53|57P|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code)) return true;
  return (
    typeof message === 'string' &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  );
}
