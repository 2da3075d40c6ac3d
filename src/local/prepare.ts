import { migrate } from '../db/migrate.js';
import { BatonError } from '../domain/errors.js';
import { parseEnvironment } from '../schema/environment.js';
import { openDataDirectory } from './data-directory.js';
import { seed } from './seed.js';

/** The set-up job of a deployment: migrations, and an organisation with its first key where there is none. */
try {
  const { databaseUrl, dataDirectory } = parseEnvironment(process.env);
  if (databaseUrl === undefined)
    throw new BatonError('no-database', "The set-up job needs DATABASE_URL, the address of Baton's PostgreSQL.");
  await openDataDirectory(dataDirectory);
  await migrate(databaseUrl);
  const seeded = await seed({ databaseUrl, dataDirectory, demo: false });
  console.log(
    `The database is at the newest schema.\nSign in once by ${seeded.signInUrl(process.env['BATON_URL'] ?? 'http://127.0.0.1:8080')}\nThe first key is in ${dataDirectory}/key.json`,
  );
} catch (error) {
  console.error(error instanceof BatonError ? error.message : error);
  process.exitCode = 1;
}
