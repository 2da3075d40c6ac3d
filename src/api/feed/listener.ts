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
  let client: pg.Client | null = null;

  const connected = async (): Promise<void> => {
    const connection = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client = connection;
    const closed = new Promise<void>((resolve) => {
      connection.once('end', resolve);
      // Without a listener an error would end the process; 'end' follows it.
      connection.on('error', () => void connection.end().catch(() => undefined));
    });
    connection.on('notification', wake);
    await connection.connect();
    await connection.query(`listen ${channel}`);
    wake();
    await closed;
  };

  const run = async (): Promise<void> => {
    let delayMs = FIRST_RETRY_MS;
    while (!isStopping()) {
      const startedAt = Date.now();
      try {
        await connected();
      } catch (error) {
        log.debug({ err: error }, 'the feed has no connection to the database');
        await client?.end().catch(() => undefined);
      }
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
      await client?.end().catch(() => undefined);
      await ended;
    },
  };
}
