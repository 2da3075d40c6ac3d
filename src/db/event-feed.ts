import { sql } from 'kysely';
import { withRole, type Db, type Tx } from './connection.js';
import type { Actor } from './schema.js';
import type { JsonObject } from '../domain/json.js';

/**
 * A place in the stream of events: the transaction that wrote an event, and the event's id. Only events below
 * `pg_snapshot_xmin` are read: nothing can come to stand before them any more.
 */
export interface Position {
  readonly xid: bigint;
  readonly id: number;
}

export interface FeedEvent {
  readonly position: Position;
  readonly organisationId: string;
  readonly at: Date;
  readonly type: string;
  readonly runId: string | null;
  readonly repositoryId: string | null;
  readonly actor: Actor;
  readonly briefing: string;
  readonly payload: JsonObject;
}

export const START: Position = { xid: 0n, id: 0 };

export const comparePositions = (a: Position, b: Position): number =>
  a.xid === b.xid ? a.id - b.id : a.xid < b.xid ? -1 : 1;

/** A position as it travels: `xid-id`. */
export const formatPosition = ({ xid, id }: Position): string => `${xid}-${id}`;

/** Null where the text is no position. */
export function parsePosition(text: string): Position | null {
  const [, xid, id] = /^(\d{1,19})-(\d{1,15})$/.exec(text) ?? [];
  return xid === undefined || id === undefined ? null : { xid: BigInt(xid), id: Number(id) };
}

interface EventRow {
  xid: string;
  id: number;
  organisation_id: string;
  at: Date;
  type: string;
  run_id: string | null;
  repository_id: string | null;
  actor: Actor;
  briefing: string;
  payload: JsonObject;
}

const toEvent = (row: EventRow): FeedEvent => ({
  position: { xid: BigInt(row.xid), id: row.id },
  organisationId: row.organisation_id,
  at: row.at,
  type: row.type,
  runId: row.run_id,
  repositoryId: row.repository_id,
  actor: row.actor,
  briefing: row.briefing,
  payload: row.payload,
});

// An `order by xid` would mean this text: the tables' own columns are named with the table.
const columns = sql.raw(
  'xid::text as xid, id, organisation_id, at, type, run_id, repository_id, actor, briefing, payload',
);
const settled = sql`xid < pg_snapshot_xmin(pg_current_snapshot())`;

export interface FeedPage {
  readonly events: readonly FeedEvent[];
  /** Whether there are committed events that an older open transaction still holds back. */
  readonly behind: boolean;
}

/** The events of all organisations after a position, in order. */
export function readFeed(db: Db, after: Position, limit: number): Promise<FeedPage> {
  return withRole(db, 'baton_feed', async (tx) => {
    // Asked first: what is not held back now is in the page that follows, and what commits later rings.
    const { rows: held } = await sql<{ behind: boolean }>`
      select exists (select from events where xid >= pg_snapshot_xmin(pg_current_snapshot())) as behind`.execute(tx);
    const { rows } = await sql<EventRow>`
      select ${columns} from events where (xid, id) > (${String(after.xid)}::text::xid8, ${after.id}::bigint) and ${settled}
      order by events.xid, events.id limit ${limit}`.execute(tx);
    return { events: rows.map(toEvent), behind: held[0]!.behind };
  });
}

/** The end of the stream: everything before it is settled, everything after it is still to come. */
export function feedEnd(db: Db): Promise<Position> {
  return withRole(db, 'baton_feed', async (tx) => {
    const { rows } = await sql<{ xid: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`.execute(
      tx,
    );
    return { xid: BigInt(rows[0]!.xid), id: 0 };
  });
}

export interface EventFilter {
  readonly runId?: string | undefined;
  readonly types?: readonly string[] | undefined;
}

export interface EventRange extends EventFilter {
  /** Both exclusive for `after`, inclusive for `upTo`. */
  readonly after?: Position | undefined;
  readonly upTo?: Position | undefined;
  readonly before?: Position | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

/** Settled events of the organisation, within a range. */
export async function readEvents(
  tx: Tx,
  { runId, types, after, upTo, before, order, limit }: EventRange,
): Promise<FeedEvent[]> {
  const place = (position: Position) => sql`(${String(position.xid)}::text::xid8, ${position.id}::bigint)`;
  const conditions = [
    settled,
    ...(after ? [sql`(xid, id) > ${place(after)}`] : []),
    ...(upTo ? [sql`(xid, id) <= ${place(upTo)}`] : []),
    ...(before ? [sql`(xid, id) < ${place(before)}`] : []),
    ...(runId === undefined ? [] : [sql`run_id = ${runId}::uuid`]),
    ...(types ? [sql`type = any(${types})`] : []),
  ];
  const direction = sql.raw(order);
  const { rows } = await sql<EventRow>`
    select ${columns} from events where ${sql.join(conditions, sql` and `)} order by events.xid ${direction}, events.id ${direction} limit ${limit}`.execute(
    tx,
  );
  return rows.map(toEvent);
}
