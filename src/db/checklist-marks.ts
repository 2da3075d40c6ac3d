import { addItems, countOf, lineOf, markItem, progressOf, type ChecklistItem, type Mark } from '../domain/checklist.js';
import { keepable } from '../domain/keepable.js';
import { isAdvice, type StepWork } from '../domain/step-work.js';
import { redact } from '../telemetry/redact.js';
import { insertItems, readChecklist, updateItem } from './checklists.js';
import type { Tx } from './connection.js';
import { stepEvent } from './step-events.js';

/** Text of an agent as the record keeps it. */
export const kept = (text: string): string => redact(keepable(text)) as string;

/** Writes what is to do in a step as well, with its event where it was not listed before. */
export async function writeListed(
  tx: Tx,
  { ref, attempt }: Pick<StepWork, 'ref' | 'attempt'>,
  items: readonly Pick<ChecklistItem, 'text' | 'source'>[],
): Promise<void> {
  const [first] = await insertItems(tx, ref, items, attempt);
  if (first === undefined) return;
  const list = await readChecklist(tx, ref);
  await stepEvent(tx, ref, {
    key: `checklist/${first}/listed`,
    type: 'step.progressed',
    briefing: `${countOf(list)} to do`,
    payload: { ...progressOf(list) },
  });
}

/** Writes that an agent marked an item, with its event, once; `items` is the list as it is then. */
export async function writeMark(
  tx: Tx,
  { ref, attempt, agent }: Pick<StepWork, 'ref' | 'attempt' | 'agent'>,
  items: readonly ChecklistItem[],
  { kept: isKept, ...mark }: Mark & { readonly kept: boolean },
): Promise<void> {
  const marked = await updateItem(tx, ref, { ...mark, kept: isKept }, { attempt, agentId: agent.id });
  if (!marked) return;
  await tx
    .updateTable('runs')
    .set({ briefing: `${ref.name}: ${lineOf(items, { ...mark, note: null })}` })
    .where('id', '=', ref.run.runId)
    .where('status', 'in', ['running', 'waiting'])
    .execute();
  await stepEvent(tx, ref, {
    key: `checklist/${marked.id}/${marked.changes}`,
    type: 'step.progressed',
    briefing: lineOf(items, mark),
    actor: { kind: 'agent', id: agent.id, name: agent.name },
    payload: { ...mark, ...progressOf(items), attempt },
  });
}

const ADVICE = 'is about the checklist, and who gives advice has no part in it';

/** Adds to a step's checklist what its agent lists; gives the list, or why it cannot be, as a sentence's end. */
export async function listItems(tx: Tx, work: StepWork, texts: readonly string[]) {
  if (isAdvice(work)) return ADVICE;
  const before = await readChecklist(tx, work.ref);
  const items = addItems(before, texts.map(kept), 'agent');
  if (typeof items === 'string') return items;
  await writeListed(tx, work, items.slice(before.length));
  return items;
}

/**
 * Marks an item of a step's checklist for its agent; gives the list, or why it cannot be, as a sentence's end. Its work
 * counts as kept when the worker has kept the tree.
 */
export async function markListed(tx: Tx, work: StepWork, { text, status, note }: Mark) {
  if (isAdvice(work)) return ADVICE;
  const mark: Mark = { text: kept(text), status, note: note === null ? null : kept(note) };
  const items = markItem(await readChecklist(tx, work.ref), mark);
  if (typeof items === 'string') return items;
  await writeMark(tx, work, items, { ...mark, kept: false });
  return items;
}
