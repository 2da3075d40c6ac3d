import { workerReport } from '../activities/worker-report.js';
import type { Db } from '../db/connection.js';
import { removeWorkerReport, saveWorkerReport } from '../db/worker-reports.js';
import type { Logger } from '../telemetry/logger.js';

export interface ReportOptions {
  readonly db: Db;
  readonly log: Logger;
  /** The worker's name. */
  readonly worker: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Writes what the worker has for agents. A failure is logged: runs then begin without that check. */
export const reportWorker = ({ db, log, worker, environment }: ReportOptions): Promise<void> =>
  saveWorkerReport(db, worker, workerReport(environment)).catch((error: unknown) =>
    log.warn({ err: error }, 'the programs of this worker could not be reported'),
  );

export const withdrawReport = ({ db, log, worker }: Omit<ReportOptions, 'environment'>): Promise<void> =>
  removeWorkerReport(db, worker).catch((error: unknown) =>
    log.warn({ err: error }, 'the report of this worker could not be removed'),
  );
