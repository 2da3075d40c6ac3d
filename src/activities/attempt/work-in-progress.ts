import type { Conversation, Progress } from '../../agents/harness.js';
import type { TreeKeeper } from './keep-tree.js';
import type { RunLog } from '../run-log.js';

/** How often what an agent edits is kept where nothing else happens, and the least time between two times. */
const EVERY_MS = 30_000;
const BETWEEN_MS = 2_000;

export interface WorkInProgressOptions {
  /** Null: the agent only looks, there is no tree to keep. */
  readonly tree: TreeKeeper | null;
  /** Keeps the files of the agent's conversation. */
  readonly keepConversation: (conversation: Conversation) => Promise<void>;
  readonly log: RunLog;
}

/**
 * Keeps an attempt's tree and conversation while its agent works: every half a minute, and soon after something was done.
 * The conversation is taken before the tree and kept after it: the tree may know more than the conversation, never less.
 */
export class WorkInProgress implements Progress {
  readonly #options: WorkInProgressOptions;
  #archive: (() => Promise<Conversation | null>) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #saving: Promise<void> | null = null;
  #isOver = false;

  constructor(options: WorkInProgressOptions) {
    this.#options = options;
    this.#saveIn(EVERY_MS);
  }

  readonly turned = (): void => this.#saveIn(BETWEEN_MS);

  readonly conversing = (archive: () => Promise<Conversation | null>): void => {
    this.#archive = archive;
  };

  /** Resolves when nothing is being kept any more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#saving;
  }

  /** Unless it is saved before anyhow. */
  #saveIn(ms: number): void {
    const dueMs = performance.now() + ms;
    if (this.#isOver || (this.#timer !== undefined && this.#dueMs <= dueMs)) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => void this.#save(), ms).unref();
  }

  async #save(): Promise<void> {
    // One at a time: what comes meanwhile is saved by the next one.
    await this.#saving;
    this.#timer = undefined;
    this.#saving = this.#keep();
    await this.#saving;
    this.#saveIn(EVERY_MS);
  }

  async #keep(): Promise<void> {
    try {
      const conversation = this.#archive && (await this.#archive());
      await this.#options.tree?.keep(null);
      if (conversation) await this.#options.keepConversation(conversation);
    } catch (error) {
      // The next time may go better; what cannot be kept at all the end of the attempt says.
      const why = error instanceof Error ? error.message : String(error);
      this.#options.log.line(`what is done so far is not kept yet: ${why}`);
    }
  }
}
