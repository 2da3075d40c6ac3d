import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Tx } from '../db/connection.js';
import type { Principal } from '../db/people.js';
import type { OrganisationRole } from '../db/schema.js';
import type { KeyScope } from '../domain/key-scope.js';
import type { JsonObject } from '../domain/json.js';
import type { Sendable } from '../schema/api/named.js';
import type { ApiDeps } from './deps.js';

/** One request that has passed the door: who sends it and what for, all of it checked. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly principal: Principal;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Names this request's effects: a request sent again with its Idempotency-Key has the same. */
  readonly key: string;
  /** Whether an earlier try with that key may have had its effect. */
  readonly again: boolean;
  /** Reads in one transaction of the caller's organisation. */
  readonly read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Writes in one transaction, together with the row in the audit trail. */
  readonly write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** What the audit trail says that this request is about; callable any time before it ends. */
  readonly about: (resource: string, details?: JsonObject) => void;
}

interface RouteBase<P, Q, B> {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/api`, in Express's spelling. */
  readonly path: string;
  /** `operationId` of the OpenAPI document. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly role: OrganisationRole;
  /** The scope of keys that are limited to some; left out: such keys do not open it. */
  readonly scope?: KeyScope;
  /** Name in the audit trail, of everything that changes something. */
  readonly action?: string;
  /** The called function writes the audit row of a success itself. */
  readonly auditsItself?: boolean;
  /** Its answer holds a secret: it is not kept, and the same Idempotency-Key gets another one. */
  readonly secret?: boolean;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
}

export interface JsonRoute<P, Q, B, R extends z.ZodType> extends RouteBase<P, Q, B> {
  readonly status?: 200 | 201 | 202;
  readonly response: R;
  handle(call: Call<P, Q, B>, deps: ApiDeps): Promise<Sendable<z.output<R>>>;
}

/** A route that writes its answer by itself: streams and downloads. */
export interface RawRoute<P, Q, B> extends RouteBase<P, Q, B> {
  /** Schema by media type, null for bytes; of a stream, that of one item. Empty: it answers 204. */
  readonly produces: Readonly<Record<string, z.ZodType | null>>;
  /** Headers that it takes, and what each is for. */
  readonly takes?: Readonly<Record<string, string>>;
  /** Headers that it answers with, and what each says. */
  readonly says?: Readonly<Record<string, string>>;
  /** Whether it can answer with a part: 206. */
  readonly inParts?: boolean;
  serve(call: Call<P, Q, B>, deps: ApiDeps, req: Request, res: Response): Promise<void>;
}

/** A route as the door and the OpenAPI document see it. */
export type Route = (
  | (Omit<JsonRoute<unknown, unknown, unknown, z.ZodType>, 'handle' | 'params' | 'query' | 'body'> & {
      handle(call: Call<never, never, never>, deps: ApiDeps): Promise<unknown>;
    })
  | (Omit<RawRoute<unknown, unknown, unknown>, 'serve' | 'params' | 'query' | 'body'> & {
      serve(call: Call<never, never, never>, deps: ApiDeps, req: Request, res: Response): Promise<void>;
    })
) & { readonly params?: z.ZodType; readonly query?: z.ZodType; readonly body?: z.ZodType };

/** Declares a route: one place for its schema, its documentation and what it does. */
export const route = <R extends z.ZodType, P = unknown, Q = unknown, B = unknown>(spec: JsonRoute<P, Q, B, R>): Route =>
  spec;

export const rawRoute = <P = unknown, Q = unknown, B = unknown>(spec: RawRoute<P, Q, B>): Route => spec;
