import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';

type Path = readonly string[];
type JsonSchema = Readonly<Record<string, unknown>>;

interface Fault {
  readonly path: Path;
  readonly message: string;
}

const LENIENT = { strict: false, logger: false } as const;
const meta = new Ajv2020(LENIENT);
const HERE = ['https://json-schema.org/draft/2020-12/schema', 'https://json-schema.org/draft/2020-12/schema#'];

/** A JSON Schema, 2020-12, that values can be checked against; each fault is named by its JSON pointer. */
export const jsonSchema = z.record(z.string(), z.json()).superRefine((schema, context) => {
  for (const { path, message } of faultsOf(schema)) context.addIssue({ code: 'custom', message, path: [...path] });
});

function faultsOf(schema: JsonSchema): readonly Fault[] {
  const { $schema } = schema;
  if ($schema !== undefined && !HERE.includes($schema as string))
    return [{ path: ['$schema'], message: `is ${HERE[0]!}, or left out` }];
  // Of Ajv's own making: it would give its verdict later, and nobody waits for it.
  if ('$async' in schema) return [{ path: ['$async'], message: 'is not of JSON Schema' }];
  if (meta.validateSchema(schema)) return uncheckable(schema);
  return (meta.errors ?? []).map(({ instancePath, message = 'broken' }) => ({
    path: pathOf(instancePath),
    message: `is no JSON Schema: ${message}`,
  }));
}

/** One that is well formed can still refer to what is not there, or to itself for ever, or hold a pattern that is none. */
function uncheckable(schema: JsonSchema): readonly Fault[] {
  try {
    new Ajv2020({ ...LENIENT, validateSchema: false }).compile(schema)({});
    return [];
  } catch (error) {
    const { message } = error as Error;
    const missing = /^can't resolve reference (\S+) from/.exec(message)?.[1];
    const reference = pathTo(schema, (key, value) => /^\$(dynamicR|r)ef$/.test(key) && value === missing);
    if (reference)
      return [{ path: reference, message: `refers to ${missing!}, which is not in this schema; Baton fetches none` }];
    const pattern = message.startsWith('Invalid regular expression') ? pathTo(schema, isBrokenPattern) : null;
    if (pattern) return [{ path: pattern, message }];
    return [{ path: [], message: `is a JSON Schema that nothing can be checked against: ${message}` }];
  }
}

type Is = (key: string, value: unknown, below: string) => boolean;

const isBrokenPattern: Is = (key, value, below) =>
  (below === 'patternProperties' && !compiles(key)) ||
  (key === 'pattern' && typeof value === 'string' && !compiles(value));

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}

/** The first place in a value that is so; null: none is. */
function pathTo(value: unknown, is: Is, below = ''): Path | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    if (is(key, item, below)) return [key];
    const path = pathTo(item, is, key);
    if (path) return [key, ...path];
  }
  return null;
}

/** RFC 6901. */
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
