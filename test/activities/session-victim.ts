import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.js';
import { connect } from '../../src/db/connection.js';
import { createLocalForge } from '../../src/forge/local.js';
import { createExecutor } from '../../src/sandbox/execute.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createRedactor } from '../../src/telemetry/redact.js';
import { Background } from '../../src/workers/background.js';
import { activityInterceptors } from '../../src/workers/interceptors.js';

/** A worker with a data directory of its own, for a test to kill. */
const [address = '', taskQueue = '', databaseUrl = '', forgeDirectory = '', directory = ''] = process.argv.slice(2);
const hostDirectory = join(directory, 'host');
mkdirSync(hostDirectory, { recursive: true });
Runtime.install({ logger: new DefaultLogger('ERROR') });
const log = createLogger({ name: 'victim', level: 'silent' });
const db = connect(databaseUrl, { maxConnections: 5 });
const client = new Client({ connection: await Connection.connect({ address }) });
const activities = createActivities({
  db,
  forge: createLocalForge({ db, dataDirectory: forgeDirectory }),
  execute: createExecutor({ isolation: 'bubblewrap' }),
  isolation: 'bubblewrap',
  hostDirectory,
  host: 'victim',
  scanners: parseEnvironment(process.env),
  apiUrl: null,
  auditRetentionDays: null,
  log,
  environment: process.env,
  redactor: createRedactor(),
  templatesDirectory: '',
});
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  activities,
  interceptors: { activity: [activityInterceptors(log, new Background({ client, log, afterMs: 5_000, most: 1 }))] },
});
console.log('ready');
await worker.run();
