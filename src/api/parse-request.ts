import type { Request } from 'express';
import { z } from 'zod';
import { BatonError } from '../domain/errors.js';

interface Fault {
  readonly pointer: string;
  readonly message: string;
}

export interface Schemas {
  readonly params: z.ZodType | null;
  readonly query: z.ZodType | null;
  readonly body: z.ZodType | null;
}

export interface Parsed {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** What a request asks for, checked. Throws `invalid-request` with all that is wrong at once. */
export function parseRequest(req: Request, { params, query, body }: Schemas): Parsed {
  const faults: Fault[] = [];
  // A list, as `?a=1&a=2` makes it, is refused by the schema of a single value.
  const parsed = {
    params: parse(params, { ...req.params }, (path) => `/{${path.join('/')}}`, faults),
    query: parse(query ?? NO_QUERY, { ...req.query }, (path) => `?${path.map(String).join('/')}`, faults),
    body: body ? parse(body, (req.body as unknown) ?? {}, pointer, faults) : undefined,
  };
  if (faults.length > 0) {
    const [first] = faults;
    const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
    throw new BatonError(
      'invalid-request',
      `${first!.pointer === '' ? 'the body' : first!.pointer}: ${first!.message}${more}.`,
      {
        details: { errors: faults },
      },
    );
  }
  return parsed;
}

const NO_QUERY = z.strictObject({});

type Path = readonly PropertyKey[];

function parse(schema: z.ZodType | null, value: unknown, place: (path: Path) => string, faults: Fault[]): unknown {
  if (!schema) return {};
  const unusable = [...textFaults(value, [])];
  if (unusable.length > 0) {
    faults.push(...unusable.map(({ path, message }) => ({ pointer: place(path), message })));
    return undefined;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      faults.push(...issue.keys.map((key) => ({ pointer: place([...issue.path, key]), message: 'is not known here' })));
    } else {
      faults.push({ pointer: place(issue.path), message: lowerFirst(issue.message) });
    }
  }
  return undefined;
}

const MAX_DEPTH = 60;

/** PostgreSQL keeps neither NUL nor half a surrogate pair; JSON of any depth is a way to exhaust a stack. */
export function* textFaults(value: unknown, path: Path): Generator<{ path: Path; message: string }> {
  if (typeof value === 'string') {
    if (value.includes('\0')) yield { path, message: 'must not hold the character NUL' };
    else if (!value.isWellFormed()) yield { path, message: 'is not well-formed Unicode' };
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length > MAX_DEPTH) {
    yield { path: path.slice(0, 3), message: `is nested more than ${MAX_DEPTH} deep` };
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key.includes('\0') || !key.isWellFormed())
      yield { path, message: 'has a key with characters that cannot be kept' };
    else if (key === '__proto__') yield { path: [...path, key], message: 'is not known here' };
    else yield* textFaults(item, [...path, key]);
  }
}

/** RFC 6901. */
const pointer = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
