import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.js';
import type { ModelTokens, Spent } from '../../domain/usage.js';
import { WORKSPACE } from '../../sandbox/policy.js';

/** A text of a program's output, whatever it is made of: parts of content are joined, other values as JSON. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  if (isJsonObject(value) && typeof value['text'] === 'string') return value['text'];
  return JSON.stringify(value);
}

/** The object that a text is the JSON of; null where it is none. */
export function objectIn(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A path as the program names it, relative where it lies in the workspace. */
export const inWorkspace = (path: string): string =>
  path.startsWith(`${WORKSPACE}/`) ? path.slice(WORKSPACE.length + 1) : path;

/** Of what a program's tool was asked for. */
export const digestOf = (input: JsonObject): string =>
  createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16);

/** Numbers of an object added up; null where none of them is there: unknown, not zero. */
export function sum(of: JsonObject, ...names: readonly string[]): number | null {
  const numbers = names.map((name) => of[name]).filter((value): value is number => typeof value === 'number');
  return numbers.length === 0 ? null : Math.max(0, Math.round(numbers.reduce((total, value) => total + value, 0)));
}

type ReportedTokens = { readonly [K in keyof Omit<ModelTokens, 'model'>]: number | null };

/** The tokens of one model, for a list price; none where input or output is not reported. */
export const tokensOf = (model: string | null, reported: ReportedTokens): readonly ModelTokens[] => {
  const { inputTokens, outputTokens } = reported;
  return inputTokens === null || outputTokens === null ? [] : [{ ...reported, model, inputTokens, outputTokens }];
};

/** What is left of the tokens of a whole conversation without those of its earlier attempts. */
export function withoutSpent(whole: ReportedTokens, spent: Spent): ReportedTokens {
  const since = (total: number | null, before: number): number | null =>
    total === null ? null : Math.max(0, total - before);
  return {
    inputTokens: since(whole.inputTokens, spent.inputTokens),
    cacheReadTokens: since(whole.cacheReadTokens, spent.cacheReadTokens),
    cacheWriteTokens: since(whole.cacheWriteTokens, spent.cacheWriteTokens),
    outputTokens: since(whole.outputTokens, spent.outputTokens),
  };
}

const SECONDS_PER = { s: 1, second: 1, seconds: 1, m: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600 };

/** When a limit ends, out of the sentence that tells of it; null where it does not say. */
export function resetTimeIn(message: string, nowMs = Date.now()): number | null {
  const [, epoch] = /\|(\d{10})\b/.exec(message) ?? [];
  if (epoch !== undefined) return Number(epoch) * 1000;
  const [, count, unit] =
    /(?:try again|retry|resets?)\s+(?:in|after)\s+(\d+(?:\.\d+)?)\s*(hours?|h|minutes?|m|seconds?|s)\b/i.exec(
      message,
    ) ?? [];
  if (count === undefined) return null;
  return nowMs + Number(count) * SECONDS_PER[unit!.toLowerCase() as keyof typeof SECONDS_PER] * 1000;
}
