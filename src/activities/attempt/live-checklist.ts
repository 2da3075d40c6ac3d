import type { ChecklistSink } from '../../agents/json-lines.js';
import { kept, writeListed } from '../../db/checklist-marks.js';
import {
  addItems,
  CHECKLIST_LIMITS,
  countOf,
  lineOf,
  markItem,
  type ChecklistItem,
  type Mark,
} from '../../domain/checklist.js';
import { isAdvice } from '../../domain/step-work.js';
import type { MarkedItem } from '../../schema/agent-output.js';
import type { Work } from './attempt-work.js';
import { recordMark } from './checklist.js';
import type { ActivityDeps } from '../deps.js';
import type { TreeKeeper } from './keep-tree.js';
import { persist } from '../persist.js';
import type { RunLog } from '../run-log.js';

const ADVICE = 'is about the checklist, and who gives advice has no part in it';

/**
 * A step's checklist while an agent works on it: what the agent says of it is in the log at once, and in the record
 * after what it has edited so far is kept, so that whoever goes on has the work of what is done.
 */
export class LiveChecklist implements ChecklistSink {
  #items: readonly ChecklistItem[];
  #fault: Error | null = null;
  #marks = 0;
  #writing: Promise<void> = Promise.resolve();
  readonly #deps: ActivityDeps;
  readonly #work: Work;
  readonly #tree: TreeKeeper;
  readonly #log: RunLog;

  constructor(deps: ActivityDeps, work: Work, tree: TreeKeeper, log: RunLog) {
    this.#deps = deps;
    this.#work = work;
    this.#items = work.checklist;
    this.#tree = tree;
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
    this.#log.line(`${countOf(items)} ${fresh.length} item${fresh.length === 1 ? '' : 's'} to do`);
    this.#next(() => persist(this.#deps, request.ref.run.organisationId, (tx) => writeListed(tx, request, fresh)));
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
    this.#log.line(lineOf(items, change));
    this.#next(() => this.#record(items, change));
    return null;
  }

  /** Resolves when all is written; throws where it cannot be. */
  async settled(): Promise<void> {
    await this.#writing;
    if (this.#fault !== null) throw this.#fault;
  }

  async #record(items: readonly ChecklistItem[], change: Mark): Promise<void> {
    const isKept = change.status === 'done' && (await this.#keepTree(change.text));
    await recordMark(this.#deps, this.#work, items, { ...change, kept: isKept });
  }

  /** Whether what is edited so far could be kept; where not, the item is to be done again should the attempt break off. */
  async #keepTree(done: string): Promise<boolean> {
    const { request, agent } = this.#work;
    if (agent.mode(request.action) === 'analysis') return false;
    try {
      await this.#tree.keep(done);
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
