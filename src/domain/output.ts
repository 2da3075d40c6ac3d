import { BatonError } from './errors.js';
import type { Finding } from './gate.js';
import { isJsonObject, jsonBytes, type Json, type JsonObject } from './json.js';
import { PLAN_LIMITS } from './plan.js';

/**
 * What an agent's step gives: its summary and findings, unless its own output has a `summary` or `findings`, that output,
 * and the commit that Baton made of it.
 */
export const stepOutput = (
  { output, summary, findings }: { output: JsonObject; summary: string; findings: readonly Finding[] },
  commit: string | null,
): JsonObject => ({
  summary,
  findings: findings.map((finding) => ({ ...finding })),
  ...output,
  ...(commit !== null && { commit }),
});

/**
 * The parts of an output that later expressions read, in their places; the rest stays in the record. A path that the
 * output lacks is left out: the expression that reads it fails with its name. Throws `output-too-large`.
 */
export function pickOutput(
  output: Json,
  reads: readonly (readonly string[])[],
  limit: number = PLAN_LIMITS.stepOutputBytes,
): Json {
  const picked = reads.some((path) => path.length === 0)
    ? output
    : reads.reduce<Json>((known, path) => copyPath(output, known, path), {});
  const bytes = jsonBytes(picked);
  if (bytes > limit) {
    const paths = reads.map((path) => `output.${path.join('.')}`.replace(/\.$/, '')).join(', ');
    throw new BatonError(
      'output-too-large',
      `Later steps read ${paths} of this step, which is ${bytes} bytes; at most ${limit} can be handed on. Read a smaller part, or write the rest to a file.`,
      { details: { bytes, limit } },
    );
  }
  return picked;
}

function copyPath(from: Json, into: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined) return from;
  if (!isJsonObject(from) || !Object.hasOwn(from, key)) return into;
  // Where `from` is an object, what was copied of it is one.
  const known = into as JsonObject;
  return { ...known, [key]: copyPath(from[key]!, Object.hasOwn(known, key) ? known[key]! : {}, rest) };
}
