import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loginSecrets } from '../activities/login-secrets.js';
import { createActivities } from '../activities/index.js';
import { connect } from '../db/connection.js';
import { createLocalForge } from '../forge/local.js';
import { createExecutor } from '../sandbox/execute.js';
import { markCommandsOf, ownerBy } from '../sandbox/execution-mark.js';
import { endOrphans } from '../sandbox/orphans.js';
import { environmentOrExit } from '../schema/environment-or-exit.js';
import { createLogger } from '../telemetry/logger.js';
import { createWorkerMetrics } from '../telemetry/metrics.js';
import { createRedactor, secretsOf } from '../telemetry/redact.js';
import { scheduleAuditRetention } from './audit-retention.js';
import { Background } from './background.js';
import { lockFileOf, takeHost } from './host-lock.js';
import { activityInterceptors } from './interceptors.js';
import { reconcileHosts } from './reconcile-hosts.js';
import { reportWorker, withdrawReport } from './report-worker.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { serveMetrics } from './serve-metrics.js';
import { TASK_QUEUE } from './task-queue.js';
import { workflowSource } from './workflow-source.js';

/** Activities at once in this process, without those that have lasted and went to the background. */
const ACTIVITY_SLOTS = 40;

/** How often is looked for what commands have left. */
const SWEEP_MS = 60_000;

/** What is over sooner keeps its slot. */
const BACKGROUND_AFTER_MS = 5_000;

/** What work has to end in by itself when the worker is told to stop. */
const GRACE_MS = 3_000;

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
const owner = ownerBy(lockFileOf(workersDirectory, host.name));
markCommandsOf(owner);
const db = connect(environment.databaseUrl, { maxConnections: 20 });
const isolation = environment.sandbox === 'off' ? 'off' : 'bubblewrap';
if (isolation === 'off') log.warn('BATON_SANDBOX=off: agents run without a sandbox, with the rights of this process');

const { connectionOptions, namespace = environment.temporalNamespace } = loadClientConnectConfig();
const metrics = createWorkerMetrics(() => background.size);
const onOrphans = (processes: number): void => {
  if (processes === 0) return;
  metrics.orphans.inc(processes);
  log.warn({ code: 'orphaned-command', processes }, 'ended processes that commands had left');
};
await reconcileHosts({ db, log, workersDirectory, host, onOrphans });
const identity = `${host.name}/${process.pid}`;
const clientConnection = await Connection.connect(connectionOptions);
const client = new Client({ connection: clientConnection, namespace, identity });
await ensureSearchAttributes(clientConnection, namespace);
await scheduleAuditRetention(client, { taskQueue: TASK_QUEUE, days: environment.auditRetentionDays });
const background = new Background({
  client,
  log,
  afterMs: BACKGROUND_AFTER_MS,
  most: environment.background,
});
const { metricsPort } = environment;
const serving =
  metricsPort === undefined
    ? undefined
    : await serveMetrics(metrics.registry, { host: environment.host, port: metricsPort });
if (serving) log.info({ port: serving.port }, 'metrics served');
const connection = await NativeConnection.connect(connectionOptions);
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: TASK_QUEUE,
  identity,
  ...workflowSource(),
  activities: createActivities({
    db,
    forge: createLocalForge({ db, dataDirectory: environment.dataDirectory }),
    execute: createExecutor({ isolation }),
    isolation,
    hostDirectory: host.directory,
    host: host.name,
    scanners: environment,
    apiUrl: environment.apiUrl ?? environment.baseUrl ?? null,
    auditRetentionDays: environment.auditRetentionDays ?? null,
    log,
    onTold: (tokens, leftOut) => {
      metrics.contextTokens.observe(tokens);
      metrics.contextLeftOut.inc(leftOut);
    },
    redactor: createRedactor([...secretsOf(process.env), ...loginSecrets(process.env)]),
    environment: process.env,
    templatesDirectory: fileURLToPath(new URL('../../../templates', import.meta.url)),
  }),
  interceptors: { activity: [activityInterceptors(log, background)] },
  maxConcurrentActivityTaskExecutions: ACTIVITY_SLOTS,
  maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
  // A cancellation travels with the answer to a heartbeat.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
  // After a worker's death its runs wait this long for it before another takes them.
  stickyQueueScheduleToStartTimeout: '2s',
  shutdownGraceTime: GRACE_MS,
  shutdownForceTime: '15s',
});

const stop = (): void => {
  worker.shutdown();
  void background.close(GRACE_MS);
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
const reporting = { db, log, worker: host.name, environment: process.env };
await reportWorker(reporting);
const sweep = setInterval(() => {
  void endOrphans(owner).then(onOrphans);
  void reportWorker(reporting);
}, SWEEP_MS);
const running = worker.run();
log.info({ host: host.name, taskQueue: TASK_QUEUE, sandbox: isolation }, 'worker ready');
try {
  await running;
} finally {
  clearInterval(sweep);
  serving?.close();
  await background.close(GRACE_MS);
  await withdrawReport(reporting);
  await connection.close();
  await clientConnection.close();
  await db.destroy();
}
