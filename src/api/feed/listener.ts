import pg from 'pg';
import type { Logger } from '../../telemetry/logger.js';

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;

export interface Listener {
  stop(): Promise<void>;
}

/**
 * LISTENs on a channel by a connection of its own and calls `wake` at every notice, and whenever the connection is
 * there (again): what was said while it was away is not repeated by PostgreSQL.
 */
export function listen(databaseUrl: string, channel: string, wake: () => void, log: Logger): Listener {
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  // Only a connection that is made can be ended: `end` before that never resolves.
  let open: pg.Client | null = null;
  const endOpen = async () => open?.end().catch(() => undefined);

  const listenUntilClosed = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true, connectionTimeoutMillis: 5_000 });
    const closed = new Promise<void>((resolve) => client.once('end', resolve));
    // Without a listener an error would end the process; 'end' follows it.
    client.on('error', () => void endOpen());
    client.on('notification', wake);
    await client.connect();
    open = client;
    if (isStopping()) return;
    await client.query(`listen ${channel}`);
    wake();
    await closed;
  };

  const run = async (): Promise<void> => {
    let delayMs = FIRST_RETRY_MS;
    while (!isStopping()) {
      const startedAt = Date.now();
      try {
        await listenUntilClosed();
      } catch (error) {
        log.debug({ err: error }, 'the feed has no connection to the database');
      }
      await endOpen();
      open = null;
      if (isStopping()) return;
      if (Date.now() - startedAt > MAX_RETRY_MS) delayMs = FIRST_RETRY_MS;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      delayMs = Math.min(delayMs * 2, MAX_RETRY_MS);
    }
  };

  const ended = run();
  return {
    stop: async () => {
      stopping.abort();
      await endOpen();
      await ended;
    },
  };
}
