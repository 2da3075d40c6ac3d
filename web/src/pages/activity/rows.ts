import type { KeptEvent } from '../../api/event-tail';
import type { Execution } from '../../api/schemas';

export type Row =
  | { readonly kind: 'began'; readonly key: string; readonly index: number; readonly execution: Execution }
  | { readonly kind: 'event'; readonly key: string; readonly event: KeptEvent };

/** Events in their order, and between them, by their times, where the attempt was begun. */
export function rowsOf(executions: readonly Execution[], events: readonly KeptEvent[]): readonly Row[] {
  const rows: Row[] = [];
  let next = 0;
  const begin = (execution: Execution, index: number) =>
    rows.push({ kind: 'began', key: `began-${index}`, index, execution });
  for (const event of events) {
    for (let due = executions[next]; due !== undefined && due.at <= event.at; due = executions[next])
      begin(due, next++);
    rows.push({ kind: 'event', key: String(event.n), event });
  }
  executions.slice(next).forEach((execution, at) => begin(execution, next + at));
  return rows;
}

/** Programs tell of a command when it begins, and again when it has ended: once that is told, it is shown once. */
export function withoutBeginnings(events: readonly KeptEvent[]): readonly KeptEvent[] {
  const ended = new Map<string, number>();
  const stays = events.toReversed().filter((event) => {
    if (event.type !== 'command') return true;
    const known = ended.get(event.command) ?? 0;
    if (event.result !== null) ended.set(event.command, known + 1);
    else if (known > 0) ended.set(event.command, known - 1);
    return event.result !== null || known === 0;
  });
  return stays.length === events.length ? events : stays.toReversed();
}
