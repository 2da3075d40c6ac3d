import { sql } from 'kysely';
import type { Json, JsonObject } from '../domain/json.js';
import { slugify } from '../domain/slug.js';
import type { Tx } from './connection.js';
import { startRuns } from './event-runs.js';
import { appendEvent, SYSTEM } from './events.js';
import type { Repository } from './repositories.js';

/** Commits by branch. */
export type Heads = ReadonlyMap<string, string>;

export interface KnownHead {
  /** Null: the branch is gone. */
  readonly commit: string | null;
  /** How many of its pushes were told. */
  readonly pushes: number;
}

export const REPOSITORIES_CHANNEL = 'baton_repositories';

/** Has whoever watches repositories look for new ones. */
export const announceRepository = (tx: Tx): Promise<unknown> =>
  sql`select pg_notify(${REPOSITORIES_CHANNEL}, '')`.execute(tx);

export interface WatchedRepository {
  readonly id: string;
  readonly organisationId: string;
  readonly remoteUrl: string;
}

/** Every repository of the embedded forge, of all organisations. */
export const watchedRepositories = (tx: Tx): Promise<WatchedRepository[]> =>
  tx
    .selectFrom('repositories')
    .select(['id', 'organisation_id as organisationId', 'remote_url as remoteUrl'])
    .where('forge', '=', 'local')
    .where('removed_at', 'is', null)
    .execute();

/** Repositories that were removed so many days ago and whose files are still there, of all organisations. */
export const expiredRepositories = (tx: Tx, days: number): Promise<Pick<Repository, 'id' | 'organisationId'>[]> =>
  tx
    .selectFrom('repositories')
    .select(['id', 'organisation_id as organisationId'])
    .where('removed_at', '<', sql<Date>`now() - make_interval(days => ${days})`)
    .where('remote_url', '<>', '')
    .execute();

/** Where the branches stood at the last look; null before the first. */
export async function knownHeads(tx: Tx, repositoryId: string): Promise<ReadonlyMap<string, KnownHead> | null> {
  const { heads_known: known } = await tx
    .selectFrom('repositories')
    .select('heads_known')
    .where('id', '=', repositoryId)
    .executeTakeFirstOrThrow();
  if (!known) return null;
  const rows = await tx
    .selectFrom('branch_heads')
    .select(['branch', 'commit', 'pushes'])
    .where('repository_id', '=', repositoryId)
    .execute();
  return new Map(rows.map(({ branch, ...head }) => [branch, head]));
}

/** What is there at the first look was not pushed; a later look changes nothing by this. */
export async function recordFirstHeads(
  tx: Tx,
  { id, organisationId }: Pick<Repository, 'id' | 'organisationId'>,
  heads: Heads,
): Promise<void> {
  const first = await tx
    .updateTable('repositories')
    .set({ heads_known: true })
    .where('id', '=', id)
    .where('heads_known', '=', false)
    .executeTakeFirstOrThrow();
  if (first.numUpdatedRows === 0n || heads.size === 0) return;
  const rows = [...heads].map(([branch, commit]) => ({ branch, commit }));
  await sql`
    insert into branch_heads (organisation_id, repository_id, branch, commit)
    select ${organisationId}::uuid, ${id}::uuid, h.branch, h.commit
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as h(branch text, commit text)`.execute(tx);
}

export interface OwnPush {
  readonly organisationId: string;
  readonly repositoryId: string;
  readonly branch: string;
  readonly commit: string;
  readonly runId: string;
}

export async function recordOwnPush(tx: Tx, { organisationId, repositoryId, runId, ...push }: OwnPush): Promise<void> {
  await tx
    .insertInto('own_pushes')
    .values({ organisation_id: organisationId, repository_id: repositoryId, run_id: runId, ...push })
    .onConflict((conflict) =>
      conflict.columns(['repository_id', 'branch', 'commit']).doUpdateSet({ run_id: runId, created_at: sql`now()` }),
    )
    .execute();
}

/** A branch that stands elsewhere than it was known to. */
export interface Push {
  readonly branch: string;
  readonly known: KnownHead;
  /** Null: the branch is gone. */
  readonly after: string | null;
  /** What the change is since: `known`, or for a new branch where it left the default branch. */
  readonly previousCommit: string | null;
  /** All of them. */
  readonly files: readonly string[];
  /** Of the newest commit. */
  readonly author: string | null;
}

/** A push, told once: event, runs that it starts, and where the branch stands are in the record together or not at all. */
export async function recordPush(
  tx: Tx,
  repository: Repository,
  { branch, known, after, previousCommit, files, author }: Push,
  listed: JsonObject,
): Promise<void> {
  const { organisationId, projectId, id: repositoryId } = repository;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`heads ${repositoryId}`}, 0))`.execute(tx);
  if (!(await moveHead(tx, repository, branch, known, after))) return;
  const own = after === null ? null : await takeOwnPush(tx, repositoryId, branch, after);
  const facts: Record<string, Json> = {
    branch,
    before: known.commit,
    previousCommit,
    author,
    run: own?.number ?? null,
  };
  const payload = {
    repository: repository.name,
    defaultBranch: repository.defaultBranch,
    ...facts,
    after,
    ...listed,
  };
  const eventId = await appendEvent(tx, {
    organisationId,
    projectId,
    key: `${repositoryId}/${branch}/${known.pushes + 1}/${known.commit ?? ''}..${after ?? ''}`,
    type: 'repo.push',
    runId: own?.runId ?? null,
    repositoryId,
    actor: SYSTEM,
    briefing: briefingOf(repository.name, branch, known.commit, after),
    payload,
  });
  if (eventId === null) return;
  await startRuns(tx, {
    organisationId,
    projectId,
    repository: { id: repositoryId, name: repository.name, defaultBranch: repository.defaultBranch },
    type: 'repo.push',
    payload: { ...payload, files: [...files] },
    eventId,
    asker: own ? { organisationId, personId: own.personId, handle: own.handle } : null,
    causedBy: own?.runId ?? null,
    trigger: { kind: 'event', type: 'repo.push', branch, commit: after },
    subject: {
      kind: 'change',
      name: `push-${slugify(branch)}`,
      context: { ...facts, commit: after, ...listed },
      // Of another branch than the default one: what was pushed there is what the run is about.
      ...(branch !== repository.defaultBranch && { branch }),
    },
  });
}

function briefingOf(name: string, branch: string, before: string | null, after: string | null): string {
  if (after === null) return `${name}: ${branch} is gone`;
  return `${name}: ${branch} is at ${after.slice(0, 10)}${before === null ? ', new' : `, was at ${before.slice(0, 10)}`}`;
}

/** False where somebody else was faster. */
async function moveHead(
  tx: Tx,
  { id, organisationId }: Repository,
  branch: string,
  known: KnownHead,
  commit: string | null,
): Promise<boolean> {
  const moved = await tx
    .updateTable('branch_heads')
    .set({ commit, pushes: known.pushes + 1 })
    .where('repository_id', '=', id)
    .where('branch', '=', branch)
    .where('pushes', '=', known.pushes)
    .executeTakeFirstOrThrow();
  if (moved.numUpdatedRows > 0n) return true;
  if (known.pushes > 0) return false;
  const made = await tx
    .insertInto('branch_heads')
    .values({ organisation_id: organisationId, repository_id: id, branch, commit, pushes: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return made.numInsertedOrUpdatedRows === 1n;
}

/** The run that announced this push; what it announced long ago and never came goes with it. */
async function takeOwnPush(tx: Tx, repositoryId: string, branch: string, commit: string) {
  const own = await tx
    .selectFrom('own_pushes as o')
    .innerJoin('runs as r', 'r.id', 'o.run_id')
    .innerJoin('people as p', 'p.id', 'r.requested_by')
    .select(['r.id as runId', 'r.number', 'p.id as personId', 'p.handle'])
    .where('o.repository_id', '=', repositoryId)
    .where('o.branch', '=', branch)
    .where('o.commit', '=', commit)
    .executeTakeFirst();
  await tx
    .deleteFrom('own_pushes')
    .where('repository_id', '=', repositoryId)
    .where('branch', '=', branch)
    .where((eb) => eb.or([eb('commit', '=', commit), eb('created_at', '<', sql<Date>`now() - interval '1 day'`)]))
    .execute();
  return own ?? null;
}
