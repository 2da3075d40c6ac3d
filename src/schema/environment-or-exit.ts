import { BatonError } from '../domain/errors.js';
import { parseEnvironment, type Environment } from './environment.js';

/**
 * The settings of a process that needs a database. Where they are not usable, it says what to do and ends: there is
 * nobody to catch an error, and a stack trace tells an operator nothing.
 */
export function environmentOrExit(
  process: Ending,
  withoutDatabase: string,
): Environment & { readonly databaseUrl: string } {
  return settingsOrExit(process, () => {
    const environment = parseEnvironment(process.env);
    const { databaseUrl } = environment;
    if (databaseUrl === undefined) throw new BatonError('no-database', withoutDatabase);
    return { ...environment, databaseUrl };
  });
}

type Ending = Pick<NodeJS.Process, 'env' | 'exit' | 'stderr'>;

/** What `read` gives; where settings are not usable the process says so and ends. */
export function settingsOrExit<T>(process: Ending, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}
