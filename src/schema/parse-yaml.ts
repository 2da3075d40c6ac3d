import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { BatonError } from '../domain/errors.js';

/** A document of YAML in its shape. Throws an error of `code` with every fault, each with its line, column and JSON pointer. */
export function parseYaml<T extends z.ZodType>(code: string, schema: T, source: string, file: string): z.output<T> {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter });
  const placed = (offset: number | undefined, message: string): string => {
    const { line, col } = lineCounter.linePos(offset ?? 0);
    return `${line}:${col} ${message}`;
  };
  const faults = document.errors.map(({ pos, message }) => placed(pos[0], wordsOf(message)));
  const parsed = faults.length === 0 ? schema.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {}) : null;
  if (parsed?.success) return parsed.data;

  /** Where a value begins, or the nearest one around it that is there. */
  const offsetOf = (path: readonly PropertyKey[]): number | undefined => {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isNode(node)) return node.range?.[0];
    return path.length === 0 ? undefined : offsetOf(path.slice(0, -1));
  };
  const all = [
    ...faults,
    ...(parsed?.error.issues ?? []).map(({ path, message }) => placed(offsetOf(path), `/${path.join('/')} ${message}`)),
  ];
  throw new BatonError(code, `${file} cannot be read: ${all.join('; ')}`, { details: { faults: all } });
}

/** What the parser says, without the place and the piece of source that it puts after it. */
const wordsOf = (message: string): string => message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
