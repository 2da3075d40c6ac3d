import { attemptOfCommit, insertItems, readChecklist, updateItem } from '../db/checklists.js';
import type { Tx } from '../db/connection.js';
import { leftOpen, progressOf, type ChecklistItem } from '../domain/checklist.js';
import { keepable } from '../domain/keepable.js';
import type { AttemptRequest, AttemptResult, StepRef } from '../domain/work.js';
import { fetchRef, isAncestor } from '../git/push.js';
import { redact } from '../telemetry/redact.js';
import type { Work } from './attempt-work.js';
import type { ActivityDeps } from './deps.js';
import { stepEvent } from './events.js';
import { persist } from './persist.js';

/** Where the tree of an attempt is kept each time that an item is done, one commit on top of the other. */
export const checkpointRef = ({ run, step, item }: StepRef, attempt: number): string =>
  `refs/baton/wip/${run.runId}/${step}/${item ?? 'step'}/${attempt}`;

/** Who only gives advice on a step has no part in its checklist. */
export const isAdvice = ({ action }: AttemptRequest): boolean => action === 'orchestrate.advise';

/** Text of an agent as the record keeps it. */
export const kept = (text: string): string => redact(keepable(text)) as string;

type Unopened = Omit<Work, 'checklist' | 'checkpoint'>;

/** What an attempt begins with: the checklist, and the commit that has what is done of it where no attempt's own has. */
export type OpenChecklist = Pick<Work, 'checklist' | 'checkpoint'>;

/**
 * Lists what is required, and finds how far the step is. An item is done only as far as its work is still there: what an
 * attempt did that broke off is taken from its last checkpoint; what is in none is to be done again, and says so.
 */
export async function openChecklist(deps: ActivityDeps, work: Unopened): Promise<OpenChecklist> {
  const { request, agent } = work;
  const { ref, attempt, previous } = request;
  const required = (request.checklist ?? []).map(kept);
  const { rows, stands } = await persist(deps, ref.run.organisationId, async (tx) => {
    const items = required.map((text) => ({ text, source: 'required' as const }));
    const [first] = await insertItems(tx, ref, items, attempt);
    if (first !== undefined) await listed(tx, ref, first, await readChecklist(tx, ref));
    return {
      rows: await readChecklist(tx, ref),
      stands: await attemptOfCommit(tx, ref, previous?.commit ?? null),
    };
  });
  const items: readonly ChecklistItem[] = rows.map(({ attempt: _attempt, kept: _kept, ...item }) => item);
  const loose = rows.filter((row) => row.status === 'done' && row.attempt > stands);
  if (rows.length === 0 || isAdvice(request) || agent.mode(request.action) === 'analysis')
    return { checklist: items, checkpoint: null };

  const attempts = loose.filter((row) => row.kept).map((row) => row.attempt);
  const checkpoint = await findCheckpoint(work, work.again ? [attempt, ...attempts] : attempts);
  const lost = loose.filter((row) => checkpoint === null || !row.kept).map(({ text }) => text);
  const note = 'Its work was not kept: to be done again.';
  for (const text of lost) {
    const change = { text, status: 'open', note } as const;
    await persist(deps, ref.run.organisationId, (tx) =>
      updateItem(tx, ref, { ...change, kept: false }, { attempt, agentId: null }),
    );
  }
  return {
    checklist: items.map((item) => (lost.includes(item.text) ? { ...item, status: 'open', note } : item)),
    checkpoint,
  };
}

/** The newest of these attempts' checkpoints; null where none can be had, or the branch went on meanwhile. */
async function findCheckpoint(
  { request, checkout, base }: Unopened,
  attempts: readonly number[],
): Promise<string | null> {
  for (const attempt of [...new Set(attempts)].sort((a, b) => b - a)) {
    const found = await fetchRef(checkout.clone, checkpointRef(request.ref, attempt));
    if (found !== null && (await isAncestor(checkout.clone, base, found))) return found;
  }
  return null;
}

/** A result with the required actions that its agent left open. */
export async function withLeftOpen(
  deps: ActivityDeps,
  { ref, checklist = [] }: AttemptRequest,
  result: AttemptResult,
): Promise<AttemptResult> {
  if (result.kind !== 'worked' || checklist.length === 0) return result;
  const rows = await persist(deps, ref.run.organisationId, (tx) => readChecklist(tx, ref));
  return { ...result, leftOpen: leftOpen(rows) };
}

/** Writes that a step's checklist has new items; `first` is the id of one of them. */
export const listed = (tx: Tx, ref: StepRef, first: string, items: readonly ChecklistItem[]): Promise<number | null> =>
  stepEvent(tx, ref, {
    key: `checklist/${first}/listed`,
    type: 'step.progressed',
    briefing: `${countOf(items)} to do`,
    payload: { ...progressOf(items) },
  });

/** As in `[3/7]`. */
export function countOf(items: readonly ChecklistItem[]): string {
  const { done, of } = progressOf(items);
  return `[${done}/${of}]`;
}
