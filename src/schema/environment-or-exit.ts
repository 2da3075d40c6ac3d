import { BatonError } from '../domain/errors.js';
import { parseEnvironment, type Environment } from './environment.js';

/**
 * The settings of a process that needs a database. Where they are not usable, it says what to do and ends: there is
 * nobody to catch an error, and a stack trace tells an operator nothing.
 */
export function environmentOrExit(
  process: Pick<NodeJS.Process, 'env' | 'exit' | 'stderr'>,
  withoutDatabase: string,
): Environment & { readonly databaseUrl: string } {
  try {
    const environment = parseEnvironment(process.env);
    const { databaseUrl } = environment;
    if (databaseUrl === undefined) throw new BatonError('no-database', withoutDatabase);
    return { ...environment, databaseUrl };
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}
