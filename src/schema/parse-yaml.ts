import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import { suggest } from '../domain/suggest.js';

/** One fault of a YAML document, and where it is. */
export interface YamlFault {
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** JSON pointer of the value; empty where the document itself cannot be parsed. */
  readonly pointer: string;
  readonly message: string;
}

type ReadYaml<T> =
  { readonly kind: 'valid'; readonly data: T } | { readonly kind: 'faults'; readonly faults: YamlFault[] };

/** Reads a YAML document in its shape, or finds every fault with its place. */
export function readYaml<T extends z.ZodType>(schema: T, source: string): ReadYaml<z.output<T>> {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter });
  const fault = (offset: number | undefined, path: readonly PropertyKey[], message: string): YamlFault => {
    const { line, col } = lineCounter.linePos(offset ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1), pointer: pointerOf(path), message };
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({ ...fault(pos[0], [], wordsOf(message)), pointer: '' }));
    return { kind: 'faults', faults };
  }
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {});
  if (parsed.success) return { kind: 'valid', data: parsed.data };

  /** Where a value begins, or the nearest one around it that is there. */
  const offsetOf = (path: readonly PropertyKey[]): number | undefined => {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isNode(node)) return node.range?.[0];
    return path.length === 0 ? undefined : offsetOf(path.slice(0, -1));
  };
  const keyOffset = (path: readonly PropertyKey[], key: string): number | undefined => {
    const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    return isNode(pair?.key) ? pair.key.range?.[0] : offsetOf(path);
  };
  const faults = parsed.error.issues.flatMap((issue) => {
    const { path, message } = issue;
    if (issue.code !== 'unrecognized_keys') return [fault(offsetOf(path), path, message)];
    return issue.keys.map((key) => {
      const near = suggest(key, keysAt(schema, path));
      const hint = near === null ? '' : ` (did you mean \`${near}\`?)`;
      return fault(keyOffset(path, key), [...path, key], `Unrecognized key: "${key}"${hint}`);
    });
  });
  return { kind: 'faults', faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** A document of YAML in its shape. Throws an error of `code` with every fault, each with its line, column and JSON pointer. */
export function parseYaml<T extends z.ZodType>(code: string, schema: T, source: string, file: string): z.output<T> {
  const read = readYaml(schema, source);
  if (read.kind === 'valid') return read.data;
  const all = read.faults.map(
    ({ line, column, pointer, message }) => `${line}:${column} ${pointer === '' ? '' : `${pointer} `}${message}`,
  );
  throw new BatonError(code, `${file} cannot be read: ${all.join('; ')}`, { details: { faults: all } });
}

const pointerOf = (path: readonly PropertyKey[]): string => `/${path.map(String).join('/')}`;

/** The keys that a schema knows at a path; none where it is no object there. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of [...path, null]) {
    while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodNullable) at = at.unwrap();
    if (!(at instanceof z.ZodObject)) return [];
    if (key === null) return Object.keys(at.shape);
    at = (at.shape as Record<string, unknown>)[String(key)];
  }
  return [];
}

/** What the parser says, without the place and the piece of source that it puts after it. */
const wordsOf = (message: string): string => message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
