import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const FOREIGN_KEY_VIOLATION = '23503';
const UNIQUE_VIOLATION = '23505';

export interface Repository {
  readonly id: string;
  readonly organisationId: string;
  readonly projectId: string;
  readonly name: string;
  readonly remoteUrl: string;
  readonly defaultBranch: string;
  /** Names or globs. */
  readonly protectedBranches: readonly string[];
  /** Where it was imported from, without credentials; null: it was made empty. */
  readonly source: string | null;
  readonly removedAt: Date | null;
}

const repositoryColumns = [
  'id',
  'organisation_id as organisationId',
  'project_id as projectId',
  'name',
  'remote_url as remoteUrl',
  'default_branch as defaultBranch',
  'protected_branches as protectedBranches',
  'source',
  'removed_at as removedAt',
] as const;

/** One that is removed too, as long as its record is kept. */
export async function getRepository(tx: Tx, id: string): Promise<Repository> {
  const row = await tx.selectFrom('repositories').select(repositoryColumns).where('id', '=', id).executeTakeFirst();
  return row ?? missing(id);
}

/** The same, and keeps everybody else from changing it until the transaction ends. */
export async function lockRepository(tx: Tx, id: string): Promise<Repository> {
  const query = tx.selectFrom('repositories').select(repositoryColumns).where('id', '=', id).forUpdate();
  return (await query.executeTakeFirst()) ?? missing(id);
}

const missing = (id: string): never => {
  throw new BatonError('repository-not-found', `There is no repository ${id}.`);
};

/** The repository of that name; null where the project has none. */
export async function findRepository(tx: Tx, projectId: string, name: string): Promise<Repository | null> {
  const row = await tx
    .selectFrom('repositories')
    .select(repositoryColumns)
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** The repositories of that name that were removed, the last one first. */
export const removedRepositories = (tx: Tx, projectId: string, name: string): Promise<Repository[]> =>
  tx
    .selectFrom('repositories')
    .select(repositoryColumns)
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .where('removed_at', 'is not', null)
    .orderBy('removed_at', 'desc')
    .execute();

/** The repository whose files are at a path; null where there is none. */
export async function repositoryAt(tx: Tx, remoteUrl: string): Promise<Repository | null> {
  const query = tx.selectFrom('repositories').select(repositoryColumns).where('remote_url', '=', remoteUrl);
  return (await query.executeTakeFirst()) ?? null;
}

/** Throws `repository-exists`. */
export async function updateRepository(
  tx: Tx,
  id: string,
  change: {
    readonly name?: string;
    readonly default_branch?: string;
    readonly protected_branches?: string[];
    readonly remote_url?: string;
    readonly removed_at?: Date | null;
  },
): Promise<void> {
  try {
    await tx.updateTable('repositories').set(change).where('id', '=', id).execute();
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    throw new BatonError('repository-exists', 'There is a repository of that name already: choose another name.', {
      cause: error,
    });
  }
}

/** Refuses new work in a repository that is removed, and keeps it from being removed meanwhile. Throws `repository-removed`. */
export async function refuseRemoved(tx: Tx, id: string): Promise<void> {
  const row = await tx
    .selectFrom('repositories')
    .select(['name', 'removed_at as removedAt'])
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst();
  if (row?.removedAt)
    throw new BatonError(
      'repository-removed',
      `The repository ${row.name} is removed: bring it back with baton repo restore ${row.name}, then try again.`,
    );
}

/** Refuses while anything works on a repository. Throws `trial-open`, `repository-in-use`. */
export async function refuseInUse(tx: Tx, { id, name }: Pick<Repository, 'id' | 'name'>): Promise<void> {
  const trial = await tx
    .selectFrom('trials')
    .select('id')
    .where('repository_id', '=', id)
    .where('status', 'in', ['pending', 'running'])
    .executeTakeFirst();
  if (trial) throw new BatonError('trial-open', `A trial of ${name} is running: cancel it, or wait for its end.`);
  const runs = await tx
    .selectFrom('runs')
    .select('number')
    .where('repository_id', '=', id)
    .where('status', 'in', ['pending', 'running', 'waiting'])
    .orderBy('number')
    .limit(5)
    .execute();
  if (runs.length === 0) return;
  const numbers = runs.map(({ number }) => `#${number}`).join(', ');
  throw new BatonError(
    'repository-in-use',
    `Runs of ${name} have not ended, such as ${numbers}: cancel them with baton cancel, or wait for their end.`,
  );
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

/** Deletes the row of a repository and what Baton itself noted of it; false where issues, pull requests or runs refer to it. */
export async function deleteRepository(tx: Tx, id: string): Promise<boolean> {
  await sql`savepoint before_deletion`.execute(tx);
  try {
    for (const table of ['branch_heads', 'own_pushes', 'worktrees', 'checks'] as const)
      await tx.deleteFrom(table).where('repository_id', '=', id).execute();
    await tx.deleteFrom('repositories').where('id', '=', id).execute();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error;
    await sql`rollback to savepoint before_deletion`.execute(tx);
    return false;
  }
}
