import { sql } from 'kysely';
import type { ChecklistItem } from '../domain/checklist.js';
import type { StepRef } from '../domain/work.js';
import type { Tx } from './connection.js';

const ofStep = (tx: Tx, { run, step, item }: StepRef) =>
  tx
    .selectFrom('checklist_items')
    .where('run_id', '=', run.runId)
    .where('step', '=', step)
    .where('item', 'is not distinct from', item);

/** A step's checklist, with what says whether its work is still there. */
export const readChecklist = (tx: Tx, ref: StepRef) =>
  ofStep(tx, ref)
    .select(['text', 'source', 'status', 'note', 'attempt', 'kept', 'changes'])
    .orderBy('position')
    .orderBy('text')
    .execute();

interface By {
  readonly attempt: number;
  readonly agentId: string | null;
}

/** Adds items at the end of a step's checklist; gives the ids of those that were not there. */
export async function insertItems(
  tx: Tx,
  ref: StepRef,
  items: readonly Pick<ChecklistItem, 'text' | 'source'>[],
  attempt: number,
): Promise<readonly string[]> {
  if (items.length === 0) return [];
  const last = await ofStep(tx, ref)
    .select(({ fn }) => fn.max<number | null>('position').as('position'))
    .executeTakeFirstOrThrow();
  const rows = await tx
    .insertInto('checklist_items')
    .values(
      items.map(({ text, source }, index) => ({
        organisation_id: ref.run.organisationId,
        run_id: ref.run.runId,
        step: ref.step,
        item: ref.item,
        position: (last.position ?? 0) + index + 1,
        text,
        source,
        attempt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Marks an item; gives what is unique of this change, null where it stands so already. */
export async function updateItem(
  tx: Tx,
  { run, step, item }: StepRef,
  { text, status, note, kept }: Pick<ChecklistItem, 'text' | 'status' | 'note'> & { readonly kept: boolean },
  { attempt, agentId }: By,
): Promise<{ readonly id: string; readonly changes: number } | null> {
  const row = await tx
    .updateTable('checklist_items')
    .set({
      status,
      note,
      kept,
      attempt,
      agent_id: agentId,
      changes: sql<number>`changes + 1`,
      changed_at: sql<Date>`clock_timestamp()`,
    })
    .where('run_id', '=', run.runId)
    .where('step', '=', step)
    .where('item', 'is not distinct from', item)
    .where('text', '=', text)
    .where((eb) => eb.or([eb('status', '<>', status), eb('note', 'is distinct from', note)]))
    .returning(['id', 'changes'])
    .executeTakeFirst();
  return row ?? null;
}

/** What an attempt marked as done whose tree is not kept yet, oldest first; `changes` tells this mark from the next. */
export const unkeptItems = (tx: Tx, ref: StepRef, attempt: number) =>
  ofStep(tx, ref)
    .select(['id', 'text', 'changes'])
    .where('attempt', '=', attempt)
    .where('status', '=', 'done')
    .where('kept', '=', false)
    .where('changes', '>', 0)
    .orderBy('changed_at')
    .execute();

/** The tree that has what was done of these is kept. */
export async function keepItems(
  tx: Tx,
  items: readonly { readonly id: string; readonly changes: number }[],
): Promise<void> {
  for (const { id, changes } of items)
    await tx
      .updateTable('checklist_items')
      .set({ kept: true })
      .where('id', '=', id)
      .where('changes', '=', changes)
      .execute();
}

/** The attempt whose commit it is; 0 where none of the step made it. */
export async function attemptOfCommit(tx: Tx, { run, step, item }: StepRef, commit: string | null): Promise<number> {
  if (commit === null) return 0;
  const row = await tx
    .selectFrom('attempts')
    .select('attempt')
    .where('run_id', '=', run.runId)
    .where('step', '=', step)
    .where('item', 'is not distinct from', item)
    .where('commit', '=', commit)
    .orderBy('attempt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.attempt ?? 0;
}
