import type { ChecklistSink } from '../agents/json-lines.js';
import { insertItems, updateItem } from '../db/checklists.js';
import { addItems, CHECKLIST_LIMITS, markItem, progressOf, type ChecklistItem } from '../domain/checklist.js';
import { snapshotWorktree } from '../git/commit.js';
import { pushRef } from '../git/publish.js';
import type { Worktree } from '../git/worktree.js';
import type { MarkedItem } from '../schema/agent-output.js';
import { beginsAt, checkpointFacts, type Work } from './attempt-work.js';
import { checkpointRef, countOf, isAdvice, kept, listed } from './checklist.js';
import type { ActivityDeps } from './deps.js';
import { stepEvent } from './events.js';
import { persist } from './persist.js';
import type { RunLog } from './run-log.js';

const ADVICE = 'is about the checklist, and who gives advice has no part in it';

/**
 * A step's checklist while an agent works on it: what the agent says of it is in the log at once, and in the record
 * after what it has edited so far is kept, so that whoever goes on has the work of what is done.
 */
export class LiveChecklist implements ChecklistSink {
  #items: readonly ChecklistItem[];
  /** What the tree was when it was last kept. */
  #kept: string;
  #fault: Error | null = null;
  #marks = 0;
  #writing: Promise<void> = Promise.resolve();
  readonly #deps: ActivityDeps;
  readonly #work: Work;
  readonly #worktree: Worktree;
  readonly #log: RunLog;

  constructor(deps: ActivityDeps, work: Work, worktree: Worktree, log: RunLog) {
    this.#deps = deps;
    this.#work = work;
    this.#items = work.checklist;
    this.#kept = beginsAt(work);
    this.#worktree = worktree;
    this.#log = log;
  }

  add(texts: readonly string[]): string | null {
    const { request } = this.#work;
    if (isAdvice(request)) return ADVICE;
    const before = this.#items;
    const items = addItems(before, texts.map(kept), 'agent');
    if (typeof items === 'string') return items;
    const fresh = items.slice(before.length);
    if (fresh.length === 0) return null;
    this.#items = items;
    const { ref, attempt } = request;
    this.#log.line(`${countOf(items)} ${fresh.length} item${fresh.length === 1 ? '' : 's'} to do`);
    this.#next(() =>
      persist(this.#deps, ref.run.organisationId, async (tx) => {
        const [first] = await insertItems(tx, ref, fresh, attempt);
        if (first !== undefined) await listed(tx, ref, first, items);
      }),
    );
    return null;
  }

  mark({ item, status, note }: MarkedItem): string | null {
    if (isAdvice(this.#work.request)) return ADVICE;
    this.#marks += 1;
    if (this.#marks > CHECKLIST_LIMITS.marks)
      return `marks items more than ${CHECKLIST_LIMITS.marks} times in one attempt`;
    const change = { text: kept(item), status, note: note ? kept(note) : null };
    const items = markItem(this.#items, change);
    if (typeof items === 'string') return items;
    this.#items = items;
    const line = lineOf(items, change);
    this.#log.line(line);
    this.#next(() => this.#record(items, change, line));
    return null;
  }

  /** Resolves when all is written; throws where it cannot be. */
  async settled(): Promise<void> {
    await this.#writing;
    if (this.#fault !== null) throw this.#fault;
  }

  async #record(items: readonly ChecklistItem[], change: Change, briefing: string): Promise<void> {
    const { request, agent } = this.#work;
    const { ref, attempt } = request;
    const isKept = change.status === 'done' && (await this.#keepTree(change.text));
    await persist(this.#deps, ref.run.organisationId, async (tx) => {
      const by = { attempt, agentId: request.agent.id };
      const marked = await updateItem(tx, ref, { ...change, kept: isKept }, by);
      if (!marked) return;
      await stepEvent(tx, ref, {
        key: `checklist/${marked.id}/${marked.changes}`,
        type: 'step.progressed',
        briefing,
        actor: { kind: 'agent', id: request.agent.id, name: agent.name },
        payload: { ...change, ...progressOf(items), attempt },
      });
    });
  }

  /** Whether what is edited so far could be kept; where not, the item is to be done again should the attempt break off. */
  async #keepTree(done: string): Promise<boolean> {
    const { request, agent, checkout } = this.#work;
    if (agent.mode(request.action) === 'analysis') return false;
    try {
      const facts = { ...checkpointFacts(this.#work, done), parent: this.#kept };
      const saved = await snapshotWorktree(checkout.clone, this.#worktree, facts);
      if (saved.kind === 'committed') this.#kept = saved.commit;
      await pushRef(checkout.clone, this.#kept, checkpointRef(request.ref, request.attempt));
      return true;
    } catch (error) {
      this.#log.line(`what is done so far is not kept yet: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** One after the other, in the order in which the agent says it. */
  #next(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch((error: unknown) => {
      this.#fault ??= error instanceof Error ? error : new Error(String(error));
    });
  }
}

type Change = Pick<ChecklistItem, 'text' | 'status' | 'note'>;

/** As in `[3/7] Write the tests`. */
function lineOf(items: readonly ChecklistItem[], { text, status, note }: Change): string {
  const became = { done: '', failed: ': failed', open: ': open again' }[status];
  return `${countOf(items)} ${text}${became}${note === null ? '' : ` (${note})`}`;
}
