import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { JsonObject } from '../../domain/json.js';
import type { Actor, Owned, Time } from './columns.js';

/** What is only ever written. */
export interface RecordTables {
  event_keys: Owned & { key: string };
  events: Owned & {
    id: Generated<number>;
    xid: ColumnType<string, never, never>;
    at: Time;
    project_id: string | null;
    key: string;
    type: string;
    run_id: string | null;
    repository_id: string | null;
    actor: JSONColumnType<Actor>;
    briefing: string;
    payload: JSONColumnType<JsonObject>;
  };
  audit: Owned & {
    id: Generated<number>;
    at: Time;
    actor: JSONColumnType<Actor>;
    action: string;
    resource: string;
    details: JSONColumnType<JsonObject>;
    outcome: 'success' | 'failure' | 'denied' | 'unknown';
    address: string | null;
    user_agent: string | null;
    session: string | null;
    previous_hash: ColumnType<Buffer | null, never, never>;
    hash: ColumnType<Buffer, never, never>;
  };
  artifacts: Owned & {
    id: Generated<string>;
    /** Null: of a trial. */
    run_id: string | null;
    trial_id: string | null;
    step: string | null;
    item: number | null;
    attempt: number | null;
    kind: 'log' | 'output' | 'diff' | 'report' | 'events' | 'session' | 'context';
    name: string;
    media_type: string;
    bytes: Generated<number>;
    chunks: Generated<number>;
    closed: Generated<boolean>;
    created_at: Time;
  };
  artifact_chunks: Owned & { artifact_id: string; position: number; body: Buffer };
}
