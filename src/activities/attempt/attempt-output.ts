import { describeEvent, type AgentEvent } from '../../agents/agent-event.js';
import type { AttemptRequest } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { NDJSON, RunLog } from '../run-log.js';

/** Of an event's texts, in the record; the program's own lines are kept whole beside them. */
const MAX_TEXT = 4_000;

/**
 * What an attempt gives out while it works: its log, for people, and for programs its events in Baton's vocabulary and
 * its program's own lines, each a file of JSON lines that is there once there is something in it.
 */
export class AttemptOutput {
  readonly log: RunLog;
  readonly #redactor: ActivityDeps['redactor'];
  readonly #open: (name: string) => Promise<RunLog>;
  readonly #files = new Map<string, Promise<RunLog>>();

  constructor(deps: ActivityDeps, { ref, attempt }: Pick<AttemptRequest, 'ref' | 'attempt'>, log: RunLog) {
    this.log = log;
    this.#redactor = deps.redactor;
    this.#open = (name) => RunLog.open(deps, ref, attempt, name, NDJSON);
  }

  readonly event = (told: AgentEvent): void => {
    // Before anything is cut: half of a secret is not found any more.
    const event = this.#redactor.strings(told);
    this.log.line(describeEvent(event));
    this.#write('events.ndjson', JSON.stringify({ at: new Date().toISOString(), ...event }, cut));
  };

  readonly raw = (line: string): void => this.#write('output.ndjson', line);

  /** Resolves when everything is written but the log, which its opener closes. */
  async close(): Promise<void> {
    for (const file of this.#files.values()) await (await file).close();
  }

  #write(name: string, line: string): void {
    const file = this.#files.get(name) ?? this.#open(name);
    this.#files.set(name, file);
    void file.then(
      (log) => log.asItIs(line),
      (error: unknown) => this.log.line(`${name} cannot be kept: ${String(error)}`),
    );
  }
}

const cut = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
