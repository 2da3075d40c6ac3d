import { StuckWatch, type SeenEvent, type Stuck } from '../../domain/stuck.js';
import type { AgentEvent } from '../agent-event.js';

/** Watches a program at work: what it does, and whether anything is heard of it at all. Once it is stuck, `signal` ends it. */
export class ProgramWatch {
  readonly #watch: StuckWatch;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #stuck: Stuck | null = null;
  #seen = 0;

  constructor(silenceMs?: number) {
    this.#watch = new StuckWatch({ startedAtMs: Date.now(), ...(silenceMs !== undefined && { silenceMs }) });
    this.#listen();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Why it was ended; null: it was not. */
  get stuck(): Stuck | null {
    return this.#stuck;
  }

  /** A line that tells of nothing done shows that it is there. */
  heard(): void {
    this.#watch.heard(Date.now());
  }

  see(event: AgentEvent): void {
    this.#seen += 1;
    const seen = seenOf(event, this.#seen);
    if (seen) this.#found(this.#watch.see(seen, Date.now()));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #listen(): void {
    this.#timer = setTimeout(
      () => {
        this.#found(this.#watch.silent(Date.now()));
        if (!this.#stuck) this.#listen();
      },
      Math.max(this.#watch.silentAtMs - Date.now(), 1),
    );
  }

  #found(stuck: Stuck | null): void {
    if (!stuck || this.#stuck) return;
    this.#stuck = stuck;
    this.close();
    this.#stop.abort();
  }
}

/** What tells the agent of its next attempt, and people, what it was stuck in. */
export const tellStuck = (title: string, { says, evidence }: Stuck): string =>
  [`${title} got nowhere and was ended: ${says}.`, ...evidence.map((line) => `- ${line}`)].join('\n');

/**
 * An event as the watch reads it; null: it says nothing of getting somewhere. What a call came to is told when it is over;
 * of its own troubles, such as each try at its provider, a program makes an end by itself.
 *
 * @param nth its number, for what is not told closely enough to be called the same as another.
 */
function seenOf(event: AgentEvent, nth: number): SeenEvent | null {
  switch (event.type) {
    case 'think':
    case 'message':
      return { kind: event.type, signature: event.text, result: null, isError: false };
    case 'condense':
    case 'usage':
      return { kind: event.type, signature: '', result: null, isError: false };
    case 'read':
      return { kind: 'read', signature: `${event.what} ${event.digest ?? nth}`, result: null, isError: false };
    case 'edit':
      return { kind: 'edit', signature: `${event.path} ${event.digest ?? nth}`, ...resultOf(event.result) };
    case 'command':
      return event.result && { kind: 'command', signature: event.command, ...resultOf(event.result) };
    case 'tool':
      return event.result && { kind: 'tool', signature: `${event.tool} ${event.input}`, ...resultOf(event.result) };
    case 'error':
      return null;
  }
}

const resultOf = (result: { readonly ok: boolean; readonly text: string } | null) => ({
  result: result?.text ?? null,
  isError: result?.ok === false,
});
