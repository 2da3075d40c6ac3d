import { kept, writeListed, writeMark } from '../../db/checklist-marks.js';
import { attemptOfCommit, readChecklist, updateItem } from '../../db/checklists.js';
import { leftOpen, type ChecklistItem, type Mark } from '../../domain/checklist.js';
import { isAdvice } from '../../domain/step-work.js';
import { TRAILER } from '../../domain/trailer.js';
import type { AttemptRequest, AttemptResult, StepRef } from '../../domain/work.js';
import { fetchRef, isAncestor } from '../../git/push.js';
import { readTrailers } from '../../git/trailers.js';
import type { Work } from './attempt-work.js';
import { warn } from './attempt-record.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** Where the tree of an attempt is kept each time that an item is done, one commit on top of the other. */
export const checkpointRef = ({ run, step, item }: StepRef, attempt: number): string =>
  `refs/baton/wip/${run.runId}/${step}/${item ?? 'step'}/${attempt}`;

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
    await writeListed(tx, request, items);
    const list = await readChecklist(tx, ref);
    return { rows: list, stands: await attemptOfCommit(tx, ref, previous?.commit ?? null) };
  });
  const items: readonly ChecklistItem[] = rows.map(({ text, source, status, note }) => ({
    text,
    source,
    status,
    note,
  }));
  if (agent.mode(request.action) === 'analysis') return { checklist: items, checkpoint: null };
  if (rows.length === 0 || isAdvice(request)) {
    const left = await findCheckpoint(work, work.again ? [attempt] : []);
    return { checklist: items, checkpoint: left?.commit ?? null };
  }

  const loose = rows.filter((row) => row.status === 'done' && row.attempt > stands);
  const attempts = loose.filter((row) => row.kept).map((row) => row.attempt);
  const found = await findCheckpoint(work, work.again ? [attempt, ...attempts] : attempts);
  const lost = loose.filter((row) => found === null || !row.kept).map(({ text }) => text);
  const note = 'Its work was not kept: to be done again.';
  for (const text of lost) {
    const change = { text, status: 'open', note, kept: false } as const;
    await persist(deps, ref.run.organisationId, (tx) => updateItem(tx, ref, change, { attempt, agentId: null }));
  }
  const standing = items.map((item) => (lost.includes(item.text) ? { ...item, status: 'open' as const, note } : item));
  if (found === null) return { checklist: standing, checkpoint: null };
  const unsaid = rows.find(
    (row) => row.text === found.done && row.status !== 'done' && (row.changes === 0 || row.attempt < found.attempt),
  );
  if (!unsaid) return { checklist: standing, checkpoint: found.commit };
  // Its worker died when the tree was kept and the row not yet written: the tree has it, so it is done.
  const change = { text: unsaid.text, status: 'done', note: null } as const;
  const checklist = standing.map((item) => (item.text === change.text ? { ...item, ...change } : item));
  await recordMark(deps, work, checklist, { ...change, kept: true });
  return { checklist, checkpoint: found.commit };
}

/** The newest of these attempts' checkpoints; null where none can be had, or the branch went on meanwhile. */
async function findCheckpoint({ request, checkout: { clone }, base }: Unopened, attempts: readonly number[]) {
  for (const attempt of [...new Set(attempts)].sort((a, b) => b - a)) {
    const commit = await fetchRef(clone, checkpointRef(request.ref, attempt));
    if (commit === null || !(await isAncestor(clone, base, commit))) continue;
    return { commit, attempt, done: (await readTrailers(clone, commit))[TRAILER.done] };
  }
  return null;
}

/** Writes that the attempt's agent marked an item, once. */
export const recordMark = (
  deps: ActivityDeps,
  { request, agent }: Pick<Work, 'request' | 'agent'>,
  items: readonly ChecklistItem[],
  mark: Mark & { readonly kept: boolean },
): Promise<void> =>
  persist(deps, request.ref.run.organisationId, (tx) =>
    writeMark(tx, { ...request, agent: { id: request.agent.id, name: agent.name } }, items, mark),
  );

/**
 * A result with the required actions that its agent left open. Of one that says nothing of any list, as many programs
 * cannot, nothing is known: the run says so, and its work is judged by gates and people.
 */
export async function withLeftOpen(
  deps: ActivityDeps,
  { ref, checklist = [] }: AttemptRequest,
  result: AttemptResult,
): Promise<AttemptResult> {
  if (result.kind !== 'worked' || checklist.length === 0) return result;
  return persist(deps, ref.run.organisationId, async (tx) => {
    const rows = await readChecklist(tx, ref);
    const speaks = rows.some(({ source, changes }) => source === 'agent' || changes > 0);
    if (!speaks) await warn(tx, ref.run.runId, unsaid(ref, rows.length));
    return speaks ? { ...result, leftOpen: leftOpen(rows) } : result;
  });
}

const unsaid = ({ name }: StepRef, actions: number): string =>
  `Whoever did ${name} keeps no checklist: whether ${actions === 1 ? 'what it requires is' : `the ${actions} actions that it requires are`} done, nobody has said.`;
