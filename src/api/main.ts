import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { connect } from '../db/connection.js';
import { createLocalForge } from '../forge/local.js';
import { environmentOrExit, settingsOrExit } from '../schema/environment-or-exit.js';
import { parseEventSources } from '../schema/event-sources.js';
import { createLogger } from '../telemetry/logger.js';
import { createApiMetrics } from '../telemetry/metrics.js';
import { createApp } from './app.js';
import { Dispatcher } from './dispatcher.js';
import { Feed } from './feed/feed.js';
import { PushWatcher } from './push-watcher.js';
import { Schedules } from './schedules.js';

/** How long open requests may take to end. */
const GRACE_MS = 5_000;

const environment = environmentOrExit(
  process,
  'The API needs a database: set DATABASE_URL, or start everything with `baton up`.',
);
const eventSources = settingsOrExit(process, () => parseEventSources(process.env));
const log = createLogger({ name: 'api', level: environment.logLevel });

const db = connect(environment.databaseUrl, { maxConnections: 20 });
const { connectionOptions, namespace } = loadClientConnectConfig();
// Lazy: the API comes up, and says so on /readyz, while Temporal is still starting.
const temporal = new Client({
  connection: Connection.lazy(connectionOptions),
  namespace: namespace ?? environment.temporalNamespace,
});
const metrics = createApiMetrics();
const feed = new Feed({ db, databaseUrl: environment.databaseUrl, log, metrics });
const shared = { db, temporal, taskQueue: 'default', log, metrics };
const dispatcher = new Dispatcher(shared, environment.databaseUrl);
const forge = createLocalForge({ db, dataDirectory: environment.dataDirectory });
const pushes = new PushWatcher({ db, forge, log }, environment.databaseUrl);
const schedules = new Schedules(shared, environment.databaseUrl);
const stopping = new AbortController();

const app = createApp({
  ...shared,
  feed,
  dispatcher,
  forge,
  eventSources,
  baseUrl: environment.baseUrl ?? null,
  webDirectory: fileURLToPath(new URL('../../web', import.meta.url)),
  stopping: stopping.signal,
  checkAnswers: false,
});

const server = createServer(app);
server.on('error', (error) => {
  log.fatal({ err: error }, 'the API cannot listen');
  process.exit(1);
});
server.listen(environment.port, environment.host, () => {
  feed.start();
  dispatcher.start();
  pushes.start();
  schedules.start();
  log.info({ host: environment.host, port: (server.address() as AddressInfo).port }, 'api ready');
});

async function stop(signal: string): Promise<void> {
  if (stopping.signal.aborted) return;
  log.info({ signal }, 'api stopping');
  stopping.abort();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(late);
  await Promise.all([feed.stop(), dispatcher.stop(), pushes.stop(), schedules.stop()]);
  await temporal.connection.close();
  await db.destroy();
  log.info('api stopped');
  // Temporal's client may still mean to repeat a call of a moment ago, on the connection that is closed.
  process.exit(0);
}

process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
