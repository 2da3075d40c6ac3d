import type { AttemptFailure } from './attempt.js';
import { BatonError } from './errors.js';
import type { Json } from './json.js';

export const ITEM_STATUSES = ['open', 'done', 'failed'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** One thing to do in a step: the pipeline or the issue requires it, or the agent broke its work down so. */
export interface ChecklistItem {
  /** One line; what it is known by in its step. */
  readonly text: string;
  readonly source: 'required' | 'agent';
  readonly status: ItemStatus;
  /** What its agent said of it last. */
  readonly note: string | null;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

/** Of one step, `marks` of one attempt; lengths are in UTF-16 units. */
export const CHECKLIST_LIMITS = { items: 50, textLength: 200, noteLength: 1_000, marks: 500 } as const;

/** An item's text on one line, without control characters. */
export const itemText = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** The list with the texts that it does not have yet at its end; why it cannot have them, as a sentence's end. */
export function addItems(
  list: readonly ChecklistItem[],
  texts: readonly string[],
  source: ChecklistItem['source'],
): readonly ChecklistItem[] | string {
  const fresh = texts.filter((text) => !list.some((item) => item.text === text));
  if (list.length + fresh.length > CHECKLIST_LIMITS.items)
    return `makes ${list.length + fresh.length} items, and a step has at most ${CHECKLIST_LIMITS.items}`;
  return [...list, ...fresh.map((text) => ({ text, source, status: 'open' as const, note: null }))];
}

/** The list with an item marked; why it cannot be, as a sentence's end. */
export function markItem(
  list: readonly ChecklistItem[],
  { text, status, note }: Mark,
): readonly ChecklistItem[] | string {
  if (list.some((item) => item.text === text))
    return list.map((item) => (item.text === text ? { ...item, status, note } : item));
  return `marks ${JSON.stringify(text)}, which is no item of the checklist`;
}

/** Where whoever goes on begins: the first item that is not done. */
export const nextItem = (list: readonly ChecklistItem[]): string | null =>
  list.find(({ status }) => status !== 'done')?.text ?? null;

export const progressOf = (list: readonly Pick<ChecklistItem, 'status'>[]): Progress => ({
  done: list.filter(({ status }) => status === 'done').length,
  of: list.length,
});

/** As in `[3/7]`. */
export function countOf(list: readonly Pick<ChecklistItem, 'status'>[]): string {
  const { done, of } = progressOf(list);
  return `[${done}/${of}]`;
}

/** How an item is marked. */
export type Mark = Pick<ChecklistItem, 'text' | 'status' | 'note'>;

/** As in `[3/7] Write the tests`. */
export function lineOf(list: readonly Pick<ChecklistItem, 'status'>[], { text, status, note }: Mark): string {
  const became = { done: '', failed: ': failed', open: ': open again' }[status];
  return `${countOf(list)} ${text}${became}${note === null ? '' : ` (${note})`}`;
}

/** The required actions that are not done. */
export const leftOpen = (list: readonly ChecklistItem[]): readonly string[] =>
  list.filter(({ source, status }) => source === 'required' && status !== 'done').map(({ text }) => text);

/** Why an attempt is not enough whose agent says that it is done and left required actions open. */
export function openActionsFailure(left: readonly string[]): AttemptFailure {
  const named = left.map((text) => JSON.stringify(text)).join(', ');
  const are = left.length === 1 ? 'a required action is' : `${left.length} required actions are`;
  return { code: 'actions-open', message: `${are} not marked as done: ${named}`, gates: [], findings: [] };
}

/**
 * The required actions that a step's rendered checklist says; a list inside it stands for its texts.
 *
 * @throws BatonError `checklist-invalid`.
 */
export function requiredActions(step: string, rendered: readonly Json[]): readonly string[] {
  const refuse = (why: string) => new BatonError('checklist-invalid', `The checklist of ${step} ${why}.`);
  const texts = rendered.flat().map((value) => {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw refuse(`holds ${JSON.stringify(value)}, and takes texts only`);
    return itemText(String(value));
  });
  const long = texts.find((text) => text.length > CHECKLIST_LIMITS.textLength);
  if (long !== undefined)
    throw refuse(`holds a text of ${long.length} characters, at most ${CHECKLIST_LIMITS.textLength} are allowed`);
  const said = [...new Set(texts.filter((text) => text !== ''))];
  if (said.length <= CHECKLIST_LIMITS.items) return said;
  throw refuse(`has ${said.length} items, at most ${CHECKLIST_LIMITS.items} are allowed`);
}

/**
 * The open items of Markdown task lists (`- [ ] …`) outside of code blocks, as a checklist takes them: the first of
 * them, each cut to its length, none twice.
 */
export function openTasks(markdown: string): readonly string[] {
  let fence: string | null = null;
  const texts = markdown.split(/\r?\n/).flatMap((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]?.slice(0, 3) ?? null;
    if (mark !== null && (fence === null || fence === mark)) fence = fence === null ? mark : null;
    const task = fence === null ? /^\s*(?:[-*+]|\d+[.)])\s+\[ \]\s+(.*)$/.exec(line)?.[1] : undefined;
    const text = itemText(task ?? '');
    return text === '' ? [] : [cut(text)];
  });
  return [...new Set(texts)].slice(0, CHECKLIST_LIMITS.items);
}

const cut = (text: string): string =>
  text.length <= CHECKLIST_LIMITS.textLength
    ? text
    : `${text.slice(0, CHECKLIST_LIMITS.textLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
