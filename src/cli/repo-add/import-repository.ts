import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { z } from 'zod';
import { addedRepository, repository, withoutCredentials, type importWarning } from '../../schema/api/repository.js';
import { persist } from '../client/persist.js';
import type { Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { duration } from '../output/time.js';
import type { Interruption } from '../terminal/interruption.js';

/** As long as the server gives an import. */
const IMPORT_MS = 30 * 60_000;
const SAY_EVERY_MS = 10_000;

type Repository = z.output<typeof repository>;
type Warning = z.output<typeof importWarning>;

export interface Imported {
  readonly repository: Repository;
  /** Whether it was there before, from the same source. */
  readonly again: boolean;
  /** What does not work in it; known for a new import only. */
  readonly warnings: readonly Warning[];
}

interface Import {
  readonly name: string;
  readonly source: string;
  readonly defaultBranch: string | undefined;
  readonly interruption: Interruption;
}

/**
 * Imports a repository, or goes on with the import of the same source. A large one takes minutes: the request is held on
 * to by its key, and the user is told.
 */
export async function importRepository(
  context: Context,
  { name, source, defaultBranch, interruption }: Import,
): Promise<Imported> {
  const client = context.client();
  const sent = { body: { name, source, defaultBranch }, idempotencyKey: randomUUID() };
  const startedAt = new Date().toISOString();
  const shown = withoutCredentials(source);
  const progress = setInterval(
    () => context.note(`importing ${shown} for ${duration(startedAt, null)} …`),
    SAY_EVERY_MS,
  );
  const tellWait = () =>
    context.note('The import is removed as soon as it ends; Ctrl-C again ends this command at once.');
  interruption.signal.addEventListener('abort', tellWait, { once: true });
  try {
    const added = await persist(() => client.post('/api/repositories', addedRepository, sent), {
      codes: ['timeout', 'request-in-flight'],
      patienceMs: IMPORT_MS,
    });
    const { warnings, ...made } = added;
    return { repository: made, again: false, warnings };
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'repository-exists') throw error;
    const known = await client.get(`/api/repositories/${name}`, repository);
    if (known.source !== shown)
      throw new CliError(
        error.exitCode,
        error.code,
        `${error.message} It has another source: give this one another name with --name.`,
      );
    return { repository: known, again: true, warnings: [] };
  } finally {
    clearInterval(progress);
    interruption.signal.removeEventListener('abort', tellWait);
  }
}

export function sourceOf(source: string): string {
  if (/^[a-z]+:\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source)) return source;
  const path = resolve(source);
  if (!existsSync(path)) throw new CliError(EXIT.usage, 'no-such-folder', `There is no folder ${path}.`);
  return path;
}

/** A folder's name as the name of a repository. */
export function nameOf(source: string): string {
  const name = basename(source.replace(/\/+$/, ''), '.git')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  if (name === '') throw new CliError(EXIT.usage, 'no-name', `Give a name with --name: ${source} has none to take.`);
  return name;
}
