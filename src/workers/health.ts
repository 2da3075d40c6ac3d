import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { parseEnvironment } from '../schema/environment.js';
import { TASK_QUEUE } from './task-queue.js';

/** A worker asks for work once a minute at least: it waits that long for an answer. */
const SILENCE_MS = 90_000;
const CALL_MS = 5_000;

/**
 * The health check of a worker's container: whether the worker of this host has asked Temporal for work of late. It
 * listens on nothing that could be asked, and a process that hangs is there as well.
 */
const environment = parseEnvironment(process.env);
const host = process.env['BATON_WORKER_NAME'] ?? hostname();
const { connectionOptions, namespace = environment.temporalNamespace } = loadClientConnectConfig();
const connection = Connection.lazy(connectionOptions);
try {
  const { pollers } = await connection.withDeadline(Date.now() + CALL_MS, () =>
    connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE } }),
  );
  const last = Math.max(
    ...pollers
      .filter(({ identity }) => isOfHost(identity ?? ''))
      .map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000),
  );
  if (Date.now() - last > SILENCE_MS) throw new Error(`no worker of ${host} has asked for work of late`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await connection.close();
}

/** `<host>/<pid>`; `<host>-2/<pid>` where another has the name. */
function isOfHost(identity: string): boolean {
  const [name = ''] = identity.split('/');
  return name === host || (name.startsWith(`${host}-`) && /^\d+$/.test(name.slice(host.length + 1)));
}
