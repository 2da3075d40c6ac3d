import type { Json } from './json.js';

/**
 * A value of a pipeline file with its `{{ … }}` compiled: `$cel` is one whole-value expression, which keeps its type;
 * `$text` is text with expressions in it.
 */
export type Template =
  | string
  | number
  | boolean
  | null
  | readonly Template[]
  | { readonly $cel: string }
  | { readonly $text: readonly (string | { readonly $cel: string })[] }
  | { readonly [key: string]: Template };

export const isExpression = (value: unknown): value is { readonly $cel: string } =>
  typeof value === 'object' && value !== null && '$cel' in value;

export const isText = (value: unknown): value is { readonly $text: readonly (string | { readonly $cel: string })[] } =>
  typeof value === 'object' && value !== null && '$text' in value;

/** The value of a template, its expressions answered by `evaluate`. */
export function render(template: Template, evaluate: (expression: string) => Json): Json {
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((item: Template) => render(item, evaluate));
  if (isExpression(template)) return evaluate(template.$cel);
  if (isText(template)) {
    return template.$text.map((part) => (typeof part === 'string' ? part : asText(evaluate(part.$cel)))).join('');
  }
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, render(value, evaluate)]));
}

/** How a value reads inside a text: strings as they are, nothing for null, JSON for the rest. */
const asText = (value: Json): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
