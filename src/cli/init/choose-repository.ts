import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import type { z } from 'zod';
import { PACKAGE_ROOT } from '../../local/package-root.js';
import { repositoryPage, withoutCredentials, type repository } from '../../schema/api/repository.js';
import { allPages } from '../client/all-pages.js';
import type { ApiClient } from '../client/api-client.js';
import { sourceOf } from '../repo-add/import-repository.js';

const run = promisify(execFile);
const GIT_MS = 10_000;

/** The repository that the current directory is in; null: none, or Baton's own. */
export async function repositoryHere(): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['rev-parse', '--show-toplevel'], { timeout: GIT_MS });
    const folder = stdout.trimEnd();
    return folder === '' || realpathSync(folder) === realpathSync(PACKAGE_ROOT) ? null : folder;
  } catch {
    return null;
  }
}

/** The repository that was imported from a source already. */
export async function importedFrom(
  client: ApiClient,
  source: string,
): Promise<z.output<typeof repository> | undefined> {
  const known = await allPages(client, '/api/repositories', repositoryPage);
  const from = withoutCredentials(sourceOf(source));
  return known.find((one) => one.source === from);
}
