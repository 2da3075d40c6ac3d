import { z } from 'zod';

/** The schemas that have a name of their own in the OpenAPI document. */
export const NAMED = z.registry<{ id: string }>();

/** Gives a schema its name in the OpenAPI document. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  NAMED.add(schema, { id });
  return schema;
}

/** What a handler may return for a schema: dates become ISO strings on their way out. */
export type Sendable<T> = T extends string
  ? T | (string extends T ? Date : never)
  : T extends readonly (infer Item)[]
    ? readonly Sendable<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: Sendable<T[K]> }
      : T;
