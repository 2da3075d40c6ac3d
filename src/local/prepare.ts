import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../db/migrate.js';
import { BatonError } from '../domain/errors.js';
import { parseEnvironment } from '../schema/environment.js';
import { openDataDirectory } from './data-directory.js';
import { seed } from './seed.js';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** The set-up job of a deployment: migrations, and an organisation with its first key where there is none. */
try {
  const { databaseUrl, dataDirectory, baseUrl = DEFAULT_URL } = parseEnvironment(process.env);
  if (databaseUrl === undefined)
    throw new BatonError('no-database', "The set-up job needs DATABASE_URL, the address of Baton's PostgreSQL.");
  await openDataDirectory(dataDirectory);
  await migrate(databaseUrl);
  const seeded = await seed({ databaseUrl, dataDirectory, demo: false });
  // Whoever reads it is an admin for a day: not for a log, which others read and keep.
  const linkFile = join(dataDirectory, 'sign-in-link');
  writeFileSync(linkFile, `${seeded.signInUrl(baseUrl)}\n`, { mode: 0o600 });
  console.log('The database is at the newest schema.');
  console.log(
    `${linkFile} has a link that signs its first visitor in; ${join(dataDirectory, 'key.json')} has the first key.`,
  );
} catch (error) {
  console.error(error instanceof BatonError ? error.message : error);
  process.exitCode = 1;
}
