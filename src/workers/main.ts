import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.js';
import { connect } from '../db/connection.js';
import { createLocalForge } from '../forge/local.js';
import { createExecutor } from '../sandbox/execute.js';
import { environmentOrExit } from '../schema/environment-or-exit.js';
import { createLogger } from '../telemetry/logger.js';
import { createRedactor, secretsOf } from '../telemetry/redact.js';
import { scheduleAuditRetention } from './audit-retention.js';
import { takeHost } from './host-lock.js';
import { activityInterceptors } from './interceptors.js';
import { reconcileHosts } from './reconcile-hosts.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { TASK_QUEUE } from './task-queue.js';
import { workflowSource } from './workflow-source.js';

/** Agents at work at once in this process, and everything else that is short. */
const ACTIVITY_SLOTS = 40;

/** What stays in memory between steps: the rest of the open runs is replayed when it goes on. */
const MAX_CACHED_WORKFLOWS = 100;

const environment = environmentOrExit(process, "A worker needs DATABASE_URL, the address of Baton's PostgreSQL.");
const log = createLogger({ name: 'worker', level: environment.logLevel });
Runtime.install({
  // Baton stops its workers itself, when their work is given back.
  shutdownSignals: [],
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
    // A run that fails is told by the record; it is no trouble of the worker's.
    if (message !== 'Workflow failed') log[level === 'ERROR' ? 'error' : 'warn'](meta ?? {}, message);
  }),
});

const workersDirectory = join(environment.dataDirectory, 'workers');
const host = takeHost(workersDirectory, process.env['BATON_WORKER_NAME'] ?? hostname());
const db = connect(environment.databaseUrl, { maxConnections: 20 });
const isolation = environment.sandbox === 'off' ? 'off' : 'bubblewrap';
if (isolation === 'off') log.warn('BATON_SANDBOX=off: agents run without a sandbox, with the rights of this process');

const { connectionOptions, namespace = environment.temporalNamespace } = loadClientConnectConfig();
await reconcileHosts({ db, log, workersDirectory, host });
await readyNamespace();
const connection = await NativeConnection.connect(connectionOptions);
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: TASK_QUEUE,
  identity: `${host.name}/${process.pid}`,
  ...workflowSource(),
  activities: createActivities({
    db,
    forge: createLocalForge({ db, dataDirectory: environment.dataDirectory }),
    execute: createExecutor({ isolation }),
    isolation,
    hostDirectory: host.directory,
    host: host.name,
    scanners: environment,
    auditRetentionDays: environment.auditRetentionDays ?? null,
    log,
    redactor: createRedactor(secretsOf(process.env)),
    environment: process.env,
    templatesDirectory: fileURLToPath(new URL('../../../templates', import.meta.url)),
  }),
  interceptors: { activity: [activityInterceptors(log)] },
  maxConcurrentActivityTaskExecutions: ACTIVITY_SLOTS,
  maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
  // A cancellation travels with the answer to a heartbeat.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
  // After a worker's death its runs wait this long for it before another takes them.
  stickyQueueScheduleToStartTimeout: '2s',
  shutdownGraceTime: '3s',
  shutdownForceTime: '15s',
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => worker.shutdown());
const running = worker.run();
log.info({ host: host.name, taskQueue: TASK_QUEUE, sandbox: isolation }, 'worker ready');
try {
  await running;
} finally {
  await connection.close();
  await db.destroy();
}

/** What Temporal has to know before the first run. */
async function readyNamespace(): Promise<void> {
  const connection = await Connection.connect(connectionOptions);
  try {
    await ensureSearchAttributes(connection, namespace);
    const client = new Client({ connection, namespace });
    await scheduleAuditRetention(client, { taskQueue: TASK_QUEUE, days: environment.auditRetentionDays });
  } finally {
    await connection.close();
  }
}
