import { type At, quote, type Problems } from './diagnostic.js';
import type { YamlMapping, YamlNode } from './yaml-tree.js';

export interface Field {
  /** The word that the file uses for it. */
  readonly key: string;
  readonly keyAt: At;
  readonly value: YamlNode;
}

/** For each field the words for it: the first is ours, the others come from the other vocabulary. */
export type Vocabulary<F extends string> = Readonly<Record<F, readonly string[]>>;
export type Fields<F extends string> = Readonly<Partial<Record<F, Field>>>;

/** Words of other engines, and what they are called here. */
const FOREIGN: Readonly<Record<string, string>> = {
  needs: 'dependsOn',
  depends_on: 'dependsOn',
  after: 'dependsOn',
  on: 'trigger',
  jobs: 'steps',
  tasks: 'steps',
  uses: 'action',
  run: 'action',
  args: 'params',
  arguments: 'params',
  parameters: 'params',
  retries: 'retry',
  role: 'agent',
};

/** The fields of a mapping; unknown keys, two words for one field and empty values are reported. */
export function readFields<F extends string>(
  map: YamlMapping,
  what: string,
  vocabulary: Vocabulary<F>,
  problems: Problems,
): Fields<F> {
  const words = new Map<string, F>();
  for (const [field, synonyms] of Object.entries(vocabulary) as [F, readonly string[]][]) {
    for (const word of synonyms) words.set(word, field);
  }
  const found: Partial<Record<F, Field>> = {};
  for (const { key, keyAt, value } of map.entries) {
    const field = words.get(key);
    if (field === undefined) {
      const foreign = Object.hasOwn(FOREIGN, key) ? FOREIGN[key] : undefined;
      const hint =
        foreign !== undefined && words.has(foreign)
          ? `did you mean \`${foreign}\`?`
          : problems.didYouMean(key, words.keys());
      problems.error(
        'unknown-key',
        keyAt,
        `${quote(key)} is no key of a ${what}`,
        hint ?? `known are ${[...words.keys()].join(', ')}`,
      );
    } else if (value.kind === 'scalar' && value.value === null) {
      if (!value.faulty)
        problems.error('empty-value', keyAt, `${quote(key)} has no value`, 'give it one, or leave the line out');
    } else if (found[field]) {
      const first = found[field].key;
      if (first !== key)
        problems.error('double-key', keyAt, `${quote(key)} says the same as ${quote(first)} above`, 'keep one of them');
    } else {
      found[field] = { key, keyAt, value };
    }
  }
  return found;
}

/** The text of a scalar; numbers are taken as they are written. */
export function readText(field: Field | undefined, problems: Problems): string | null {
  if (!field) return null;
  const { value } = field;
  if (value.kind === 'scalar' && typeof value.value === 'string' && value.value.trim() !== '')
    return value.value.trim();
  if (value.kind === 'scalar' && typeof value.value === 'number') return value.raw;
  if (value.kind === 'scalar' && value.faulty) return null;
  problems.error('bad-value', value, `${quote(field.key)} is a text, not ${describe(value)}`);
  return null;
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

export function readBoolean(field: Field | undefined, problems: Problems): boolean | null {
  if (!field) return null;
  const { value } = field;
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  // In quotes, or as YAML 1.1 writes it.
  if (value.kind === 'scalar' && typeof value.value === 'string' && Object.hasOwn(BOOLEANS, value.value.toLowerCase()))
    return BOOLEANS[value.value.toLowerCase()]!;
  problems.error('bad-value', value, `${quote(field.key)} is \`true\` or \`false\`, not ${describe(value)}`);
  return null;
}

/** A whole number within limits. */
export const readInteger = (field: Field | undefined, min: number, max: number, problems: Problems): number | null =>
  readNumber(field, { min, max, whole: true }, problems);

export function readNumber(
  field: Field | undefined,
  { min, max, whole }: { readonly min: number; readonly max: number; readonly whole: boolean },
  problems: Problems,
): number | null {
  if (!field) return null;
  const { value } = field;
  if (value.kind === 'scalar' && typeof value.value === 'number' && (!whole || Number.isInteger(value.value))) {
    if (value.value >= min && value.value <= max) return value.value;
  }
  const what = whole ? 'a whole number' : 'a number';
  problems.error('bad-value', value, `${quote(field.key)} is ${what} from ${min} to ${max}, not ${describe(value)}`);
  return null;
}

/** Texts of a list, or one text that stands for a list of one. */
export function readTexts(field: Field, problems: Problems): readonly { readonly text: string; readonly at: At }[] {
  const items = field.value.kind === 'list' ? field.value.items : [field.value];
  return items.flatMap((value) => {
    const text = readText({ key: field.key, keyAt: field.keyAt, value }, problems);
    return text === null ? [] : [{ text, at: value }];
  });
}

export function describe(node: YamlNode): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  return node.value === null || node.value === '' ? 'nothing' : quote(node.raw);
}
