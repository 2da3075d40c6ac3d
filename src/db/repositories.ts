import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const FOREIGN_KEY_VIOLATION = '23503';

export interface Repository {
  readonly id: string;
  readonly organisationId: string;
  readonly projectId: string;
  readonly name: string;
  readonly remoteUrl: string;
  readonly defaultBranch: string;
  /** Names or globs. */
  readonly protectedBranches: readonly string[];
}

const repositoryColumns = [
  'id',
  'organisation_id as organisationId',
  'project_id as projectId',
  'name',
  'remote_url as remoteUrl',
  'default_branch as defaultBranch',
  'protected_branches as protectedBranches',
] as const;

export async function getRepository(tx: Tx, id: string): Promise<Repository> {
  const row = await tx.selectFrom('repositories').select(repositoryColumns).where('id', '=', id).executeTakeFirst();
  if (!row) throw new BatonError('repository-not-found', `There is no repository ${id}.`);
  return row;
}

/** The repository of that name; null where the project has none. */
export async function findRepository(tx: Tx, projectId: string, name: string): Promise<Repository | null> {
  const row = await tx
    .selectFrom('repositories')
    .select(repositoryColumns)
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row ?? null;
}

/** The next number of an issue or a pull request, which share one count as on every forge. */
export async function nextNumber(tx: Tx, repositoryId: string): Promise<number> {
  const row = await tx
    .updateTable('repositories')
    .set((eb) => ({ last_number: eb('last_number', '+', 1) }))
    .where('id', '=', repositoryId)
    .returning('last_number as number')
    .executeTakeFirstOrThrow();
  return row.number;
}

/** Removes a repository and what Baton itself noted of it. Throws `repository-in-use`, `trial-open`. */
export async function deleteRepository(tx: Tx, { id, name }: Pick<Repository, 'id' | 'name'>): Promise<void> {
  const open = await tx
    .selectFrom('trials')
    .select('id')
    .where('repository_id', '=', id)
    .where('status', 'in', ['pending', 'running'])
    .executeTakeFirst();
  if (open) throw new BatonError('trial-open', `A trial of ${name} is running: cancel it, or wait for its end.`);
  for (const table of ['branch_heads', 'own_pushes', 'worktrees', 'checks'] as const)
    await tx.deleteFrom(table).where('repository_id', '=', id).execute();
  try {
    await tx.deleteFrom('repositories').where('id', '=', id).execute();
  } catch (error) {
    if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error;
    throw new BatonError(
      'repository-in-use',
      `${name} has issues, pull requests or runs, whose record is kept: it cannot be removed.`,
      { cause: error },
    );
  }
}
