import { Environment } from '@marcbachmann/cel-js';
import { BatonError } from './errors.js';
import type { Json, JsonObject } from './json.js';

/** The names that an expression may start with. */
export const SCOPE_NAMES = ['issue', 'context', 'nodes', 'run', 'repository', 'repositories', 'item', 'index'] as const;

/** What an expression sees. `nodes` holds what finished steps gave back, by step id. */
export interface Scope {
  readonly issue: JsonObject | null;
  readonly context: JsonObject;
  readonly nodes: JsonObject;
  readonly run: JsonObject;
  readonly repository: JsonObject | null;
  /** All of the project, by name. */
  readonly repositories: readonly JsonObject[];
  readonly item?: Json;
  readonly index?: number;
}

/** Where expressions are checked and evaluated. Lists and mappings may hold values of different types, as JSON does. */
export const celEnvironment = SCOPE_NAMES.reduce(
  (known, name) => known.registerVariable(name, 'dyn'),
  new Environment({ homogeneousAggregateLiterals: false }),
);
type Evaluate = (scope: Record<string, unknown>) => unknown;

/**
 * Gives the value of a CEL expression (https://cel.dev). Whole numbers go in as CEL ints and come out as numbers.
 * Throws `expression-failed`, which names the expression, where a key is missing or types do not fit.
 */
export function createEvaluator(environment: Environment): (expression: string, scope: object) => Json {
  const compiled = new Map<string, Evaluate>();
  const compile = (expression: string): Evaluate => {
    const known = compiled.get(expression);
    if (known) return known;
    const evaluate = environment.parse(expression) as unknown as Evaluate;
    compiled.set(expression, evaluate);
    return evaluate;
  };
  return (expression, scope) => {
    try {
      return fromCel(compile(expression)(toCel(scope) as Record<string, unknown>));
    } catch (cause) {
      throw new BatonError('expression-failed', `{{ ${expression} }} cannot be evaluated: ${firstLine(cause)}`, {
        details: { expression },
        cause,
      });
    }
  };
}

/** The value of an expression of a run. */
export const evaluateExpression: (expression: string, scope: Scope) => Json = createEvaluator(celEnvironment);

/** Whether a step's `when` holds: anything but `false`, null, 0 and the empty string does. */
export function isTruthy(value: Json): boolean {
  return value !== false && value !== null && value !== 0 && value !== '';
}

function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  }
  return value;
}

function fromCel(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (typeof value === 'object' && value !== null && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromCel(item)]));
  }
  if (typeof value === 'object' ? value !== null : typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error('its value is none that JSON holds; string(…) or int(…) make one');
  }
  return value as Json;
}

/** CEL's own values (timestamps, durations, unsigned ints, bytes, types) are instances of classes. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const firstLine = (cause: unknown): string => (cause as Error).message.split('\n')[0]!;
