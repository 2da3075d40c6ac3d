import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import type { StepRef } from '../domain/work.js';

/** A parameter that must be text; null where it is absent. */
export function textParam(ref: StepRef, params: JsonObject, name: string): string | null {
  const value = params[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  throw new BatonError(
    'param-invalid',
    `The parameter ${name} of ${ref.name} must be text; it is ${JSON.stringify(value).slice(0, 100)}.`,
  );
}

export function requiredText(ref: StepRef, params: JsonObject, name: string): string {
  const value = textParam(ref, params, name);
  if (value === null) throw new BatonError('param-missing', `The step ${ref.name} needs the parameter ${name}.`);
  return value;
}

/** A parameter that is one text or a list of them. */
export function textList(ref: StepRef, params: JsonObject, name: string): string[] {
  const value = params[name];
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? value : [value];
  if (items.every((item): item is string => typeof item === 'string')) return items;
  throw new BatonError('param-invalid', `The parameter ${name} of ${ref.name} must be a list of texts.`);
}

/** A parameter that is true or false; false where it is absent. */
export function flagParam(ref: StepRef, params: JsonObject, name: string): boolean {
  const value = params[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw new BatonError(
    'param-invalid',
    `The parameter ${name} of ${ref.name} must be true or false; it is ${JSON.stringify(value).slice(0, 100)}.`,
  );
}
