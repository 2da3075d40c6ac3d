import { useEffect, useState } from 'react';
import { followArtifact } from './artifact-tail';
import type { ProblemError } from './problem-error';
import type { AgentEvent } from './schemas';

/** What is read of a long file of events, and how many events are kept of it: the newest. */
const TAIL_BYTES = 1024 * 1024;
export const MAX_EVENTS = 5_000;

export type KeptEvent = AgentEvent & {
  /** Counts on, so that an event is the same one when those before it are dropped. */
  readonly n: number;
};

export interface EventTail {
  readonly events: readonly KeptEvent[];
  /** Whether there are more before them. */
  readonly cut: boolean;
  readonly closed: boolean;
  readonly loading: boolean;
  readonly error: ProblemError | null;
}

const NOTHING: EventTail = { events: [], cut: false, closed: false, loading: true, error: null };

/** The newest events of an attempt, for as long as the component lives; null: it has told none yet. */
export function useEventTail(id: string | null): EventTail {
  const [tail, setTail] = useState<EventTail>(NOTHING);
  useEffect(() => {
    if (id === null) return;
    const gone = new AbortController();
    let shown = NOTHING;
    let begun = '';
    let count = 0;
    const show = (next: EventTail) => setTail((shown = next));
    void followArtifact(id, TAIL_BYTES, gone.signal, {
      took: ({ text, start, closed }) => {
        const lines = (begun + text).split('\n');
        begun = lines.pop() ?? '';
        const more = lines.flatMap(parse).map((event) => ({ ...event, n: count++ }));
        // Nothing new: nothing is drawn anew.
        if (more.length === 0 && !shown.loading && closed === shown.closed && shown.error === null) return;
        const events = more.length === 0 ? shown.events : [...shown.events, ...more];
        const cut = shown.cut || (shown.loading && start > 0) || events.length > MAX_EVENTS;
        show({ events: events.slice(-MAX_EVENTS), cut, closed, loading: false, error: null });
      },
      failed: (error) => show({ ...shown, loading: false, error }),
    });
    return () => gone.abort();
  }, [id]);
  return tail;
}

/** A line that is cut at the beginning of what was read is none, nor is the one that says where a file ends too long. */
function parse(line: string): readonly AgentEvent[] {
  try {
    const value = JSON.parse(line) as AgentEvent | null;
    return typeof value?.type === 'string' && typeof value.at === 'string' ? [value] : [];
  } catch {
    return [];
  }
}
