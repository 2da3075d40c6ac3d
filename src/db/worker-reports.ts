import { sql } from 'kysely';
import type { WorkerReport } from '../domain/preconditions.js';
import { withOrganisation, withRole, type Db, type Tx } from './connection.js';

/** A worker reports every minute; one that was silent for longer is taken for gone. */
const ALIVE_SECONDS = 180;

/** Writes what a worker has to the record of every organisation, as its work is for all of them. */
export async function saveWorkerReport(db: Db, worker: string, report: WorkerReport): Promise<void> {
  for (const organisationId of await organisations(db))
    await withOrganisation(db, organisationId, async (tx) => {
      const facts = {
        programs: JSON.stringify(report.programs),
        variables: [...report.variables],
        seen_at: sql<Date>`now()`,
      };
      await tx
        .insertInto('worker_reports')
        .values({ organisation_id: organisationId, worker, ...facts })
        .onConflict((conflict) => conflict.columns(['organisation_id', 'worker']).doUpdateSet(facts))
        .execute();
    });
}

/** Removes the report of a worker that stops. */
export async function removeWorkerReport(db: Db, worker: string): Promise<void> {
  for (const organisationId of await organisations(db))
    await withOrganisation(db, organisationId, (tx) =>
      tx.deleteFrom('worker_reports').where('worker', '=', worker).execute(),
    );
}

const organisations = async (db: Db): Promise<string[]> =>
  (await withRole(db, 'baton_lookup', (tx) => tx.selectFrom('organisations').select('id').execute())).map(
    ({ id }) => id,
  );

/** What the workers have that run now. */
export const liveWorkers = (tx: Tx): Promise<WorkerReport[]> =>
  tx
    .selectFrom('worker_reports')
    .select(['programs', 'variables'])
    .where('seen_at', '>', sql<Date>`now() - make_interval(secs => ${ALIVE_SECONDS})`)
    .execute();
