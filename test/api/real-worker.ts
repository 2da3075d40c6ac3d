import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createActivities } from '../../src/activities/index.js';
import { createExecutor } from '../../src/sandbox/execute.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { createRedactor } from '../../src/telemetry/redact.js';
import { startWorker } from '../support/engine.js';
import type { ServedApi } from './served-api.js';

/** A worker with the real activities and the real sandbox, for the task queue of a served API. */
export function startRealWorker(api: ServedApi): Promise<{ stop(): Promise<void> }> {
  const activities = createActivities({
    db: api.record.db,
    forge: api.deps.forge,
    execute: createExecutor({ isolation: 'bubblewrap' }),
    isolation: 'bubblewrap',
    hostDirectory: join(api.dataDirectory, 'host'),
    host: 'test',
    scanners: parseEnvironment(process.env),
    apiUrl: null,
    auditRetentionDays: null,
    log: api.deps.log,
    environment: {},
    redactor: createRedactor([]),
    templatesDirectory: fileURLToPath(new URL('../../templates', import.meta.url)),
  });
  return startWorker(activities, api.taskQueue, api.deps.log);
}
