import { Migrator } from 'kysely/migration';
import { BatonError } from '../domain/errors.js';
import { connect } from './connection.js';
import { MIGRATIONS } from './migrations/index.js';

/** Brings the database to the newest schema; does nothing where it is there. Two at once wait for each other. */
export async function migrate(databaseUrl: string): Promise<void> {
  const db = connect(databaseUrl, { maxConnections: 1 });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } });
    const { error } = await migrator.migrateToLatest();
    if (error) {
      const reason = error instanceof Error ? error.message : JSON.stringify(error);
      throw new BatonError('migration-failed', `The database could not be brought to the newest schema: ${reason}`, {
        cause: error,
      });
    }
  } finally {
    await db.destroy();
  }
}
