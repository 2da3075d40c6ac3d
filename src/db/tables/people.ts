import type { ColumnType, Generated } from 'kysely';
import type { Json } from '../../domain/json.js';
import type { MaybeJson, MaybeTime, OrganisationRole, Owned, Time } from './columns.js';

/** Who works with Baton, and how they are known. */
export interface PeopleTables {
  organisations: {
    id: Generated<string>;
    organisation_id: ColumnType<string, never, never>;
    name: string;
    last_run_number: Generated<number>;
    created_at: Time;
  };
  people: Owned & {
    id: Generated<string>;
    handle: string;
    name: string;
    role: OrganisationRole;
    created_at: Time;
    left_at: MaybeTime;
  };
  teams: Owned & { id: Generated<string>; name: string; created_at: Time };
  team_members: Owned & { team_id: string; person_id: string };
  team_roles: Owned & { team_id: string; project_id: string; role: string };
  api_keys: Owned & {
    id: Generated<string>;
    person_id: string;
    hash: Buffer;
    label: string;
    kind: 'key' | 'sign-in' | 'session';
    created_at: Time;
    /** What it opens; null: all that its person may do. */
    scopes: string[] | null;
    expires_at: MaybeTime;
    used_at: MaybeTime;
  };
  absences: Owned & {
    id: Generated<string>;
    person_id: string;
    delegate_id: string | null;
    starts_at: Time;
    ends_at: Time;
    note: string | null;
    created_at: Time;
  };
  idempotency_keys: Owned & {
    person_id: string;
    key: string;
    request_hash: string;
    status: number | null;
    body: MaybeJson<Json>;
    claim: string | null;
    claimed_until: MaybeTime;
    created_at: Time;
  };
}
