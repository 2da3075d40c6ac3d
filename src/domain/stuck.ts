/** What of an agent's event matters to whether it gets anywhere. */
export interface SeenEvent {
  readonly kind: 'think' | 'read' | 'edit' | 'command' | 'message' | 'tool' | 'usage' | 'error' | 'condense';
  /** What was done, so that two things that are done differ: of an edit what it writes, of a message its text. */
  readonly signature: string;
  /** What came of it; null: it says nothing, or nothing came yet. */
  readonly result: string | null;
  readonly isError: boolean;
}

/** Why an agent is stuck: by which of its habits, in a sentence, and what was seen, oldest first. */
export interface Stuck {
  readonly rule: 'silence' | 'same-result' | 'same-error' | 'monologue' | 'alternation' | 'condensation';
  readonly says: string;
  readonly evidence: readonly string[];
}

/** How much of the same is too much; after OpenHands' stuck detector (openhands/controller/stuck.py). */
export const STUCK_AFTER = {
  silenceMs: 15 * 60_000,
  sameResults: 4,
  sameErrors: 3,
  sameMessages: 3,
  alternatingSteps: 6,
  condensations: 10,
} as const;

/**
 * Watches one attempt of an agent. It is told every event with the time, keeps the last few things that were done, and
 * says whether the agent is stuck as of now: it goes in a circle, or nothing was heard of it for too long.
 *
 * Thoughts and usage are no progress and no step either: they are left out. What is said between two steps does not make
 * them differ; between two messages, or two condensations, any step makes a difference.
 */
export class StuckWatch {
  #lastAtMs: number;
  #last: SeenEvent | null = null;
  /** Newest last. */
  #steps: readonly SeenEvent[] = [];
  #messages: readonly SeenEvent[] = [];
  #condensations = 0;
  readonly #silenceMs: number;

  constructor({ startedAtMs, silenceMs = STUCK_AFTER.silenceMs }: { startedAtMs: number; silenceMs?: number }) {
    this.#lastAtMs = startedAtMs;
    this.#silenceMs = silenceMs;
  }

  /** Takes an event in; a circle is said again at each event that goes on with it. */
  see(event: SeenEvent, atMs: number): Stuck | null {
    this.heard(atMs);
    this.#last = event;
    switch (event.kind) {
      case 'think':
      case 'usage':
        return null;
      case 'message':
        this.#condensations = 0;
        this.#messages = isSame(this.#messages[0], event) ? [...this.#messages, event].slice(-MAX_KEPT) : [event];
        return this.#monologue();
      case 'condense':
        this.#messages = [];
        this.#condensations += 1;
        return this.#condensing();
      default:
        this.#messages = [];
        this.#condensations = 0;
        this.#steps = [...this.#steps, event].slice(-MAX_KEPT);
        return this.#sameError() ?? this.#sameResult() ?? this.#alternation();
    }
  }

  /** Something was heard that is no event. */
  heard(atMs: number): void {
    this.#lastAtMs = Math.max(this.#lastAtMs, atMs);
  }

  /** Whether nothing was heard for too long. */
  silent(atMs: number): Stuck | null {
    const silentMs = atMs - this.#lastAtMs;
    if (silentMs < this.#silenceMs) return null;
    const minutes = Math.floor(silentMs / 60_000);
    return {
      rule: 'silence',
      says: `nothing was heard of it for ${minutes} min`,
      evidence: this.#last === null ? [] : [describe(this.#last)],
    };
  }

  /** When it counts as silent if nothing more is heard: when to ask `silent` again. */
  get silentAtMs(): number {
    return this.#lastAtMs + this.#silenceMs;
  }

  #sameResult(): Stuck | null {
    const steps = this.#newest(STUCK_AFTER.sameResults);
    return steps?.every((step) => isSame(steps[0], step))
      ? stuck('same-result', `it did the same ${steps.length} times, and the same came of it`, steps)
      : null;
  }

  #sameError(): Stuck | null {
    const steps = this.#newest(STUCK_AFTER.sameErrors);
    return steps?.every((step) => step.isError && isSameAct(steps[0]!, step))
      ? stuck('same-error', `it did the same ${steps.length} times, and it failed each time`, steps)
      : null;
  }

  #alternation(): Stuck | null {
    const steps = this.#newest(STUCK_AFTER.alternatingSteps);
    return steps?.every((step, index) => isSame(steps[index % 2], step))
      ? stuck('alternation', `it did the same two things in turn, ${steps.length / 2} times each`, steps)
      : null;
  }

  #monologue(): Stuck | null {
    const said = this.#messages;
    return said.length >= STUCK_AFTER.sameMessages
      ? stuck('monologue', `it said the same ${said.length} times, and did nothing between`, said)
      : null;
  }

  #condensing(): Stuck | null {
    return this.#condensations >= STUCK_AFTER.condensations
      ? stuck('condensation', `its context was condensed ${this.#condensations} times, and it did nothing between`, [])
      : null;
  }

  #newest(count: number): readonly SeenEvent[] | null {
    return this.#steps.length < count ? null : this.#steps.slice(-count);
  }
}

const MAX_KEPT = STUCK_AFTER.alternatingSteps;

const isSameAct = (one: SeenEvent, other: SeenEvent): boolean =>
  one.kind === other.kind && one.signature === other.signature;

const isSame = (one: SeenEvent | undefined, other: SeenEvent): boolean =>
  one !== undefined && isSameAct(one, other) && one.result === other.result && one.isError === other.isError;

const stuck = (rule: Stuck['rule'], says: string, seen: readonly SeenEvent[]): Stuck => ({
  rule,
  says,
  evidence: seen.map(describe),
});

const MAX_CHARACTERS = 300;

function describe({ kind, signature, result, isError }: SeenEvent): string {
  const came = result === null ? '' : ` → ${isError ? 'failed: ' : ''}${cut(result)}`;
  return `${kind} ${cut(signature)}${came}`.trimEnd();
}

function cut(text: string): string {
  const line = text
    .slice(0, 4 * MAX_CHARACTERS)
    .trim()
    .replaceAll(/\s+/g, ' ');
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS - 1)}…` : line;
}
