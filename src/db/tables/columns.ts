import type { ColumnType } from 'kysely';
import type { JsonObject } from '../../domain/json.js';

export type Time = ColumnType<Date, Date | string | undefined, Date | string>;
export type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
export type JsonColumn<T> = ColumnType<T, string, string>;
export type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

/** Each row has an organisation (architecture decision 15). */
export interface Owned {
  organisation_id: string;
}

/** Who did something: a person, an agent, or Baton itself. */
export interface Actor {
  readonly kind: 'person' | 'agent' | 'system';
  readonly id: string | null;
  readonly name: string;
}

/** An error as it is kept and shown. */
export interface RecordedError {
  readonly code: string;
  readonly message: string;
  readonly details?: JsonObject;
}

export type OrganisationRole = 'admin' | 'author' | 'reviewer' | 'reader';
