import { CHECKLIST_LIMITS, itemText } from '../../domain/checklist.js';
import { quote, type Problems } from './diagnostic.js';
import type { Work } from './draft.js';
import { type Field, readText } from './fields.js';
import type { YamlNode } from './yaml-tree.js';

const { items: MAX_ITEMS, textLength: MAX_LENGTH } = CHECKLIST_LIMITS;

/** What is required of a step's agent, each a text; null where the file does not say. */
export function readChecklist(field: Field | undefined, { kind }: Work, problems: Problems): YamlNode[] | null {
  if (!field) return null;
  if (kind !== 'agent' && kind !== 'faulty') {
    problems.error('misplaced-key', field.keyAt, `${quote(field.key)} is of steps that one agent does`);
    return null;
  }
  const { key, keyAt, value } = field;
  const nodes = value.kind === 'list' ? value.items : [value];
  const said = new Set<string>();
  const texts = nodes.filter((node) => {
    const text = readText({ key, keyAt, value: node }, problems);
    return text !== null && isProper(itemText(text), node, said, problems);
  });
  if (texts.length <= MAX_ITEMS) return texts;
  problems.error('checklist-too-long', value, `a step has at most ${MAX_ITEMS} items, these are ${texts.length}`);
  return null;
}

/** What an expression gives is looked at in the run. */
function isProper(text: string, at: YamlNode, said: Set<string>, problems: Problems): boolean {
  if (!text.includes('{{') && text.length > MAX_LENGTH) {
    problems.error('bad-value', at, `an item has at most ${MAX_LENGTH} characters, this one has ${text.length}`);
    return false;
  }
  if (said.has(text)) {
    problems.error('double-item', at, `${quote(text)} stands in the checklist twice`, 'keep one of them');
    return false;
  }
  said.add(text);
  return true;
}
