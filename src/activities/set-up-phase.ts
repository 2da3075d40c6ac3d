import { stepEvent } from '../db/step-events.js';
import { beginSetUp, endSetUp, type SetUpKey } from '../db/set-ups.js';
import { BatonError } from '../domain/errors.js';
import type { SetUpStatus } from '../domain/set-up.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { RunLog } from './run-log.js';

export interface PhaseOf extends SetUpKey {
  readonly command: string;
  readonly signal: AbortSignal;
  /** Of whoever needs the set-up: a trial, which has no run, keeps the output there. */
  readonly log: RunLog;
}

/** A set-up while it goes on: with a log of its own, and in the record from its command's begin to its end. */
export class SetUpPhase {
  readonly #deps: ActivityDeps;
  readonly #of: PhaseOf;
  readonly #startedAt = new Date();
  #log: RunLog | null = null;

  private constructor(deps: ActivityDeps, of: PhaseOf) {
    this.#deps = deps;
    this.#of = of;
  }

  /** Does the work of a set-up, and records how it ended: `cached` where its command did not begin. */
  static async during<T>(deps: ActivityDeps, of: PhaseOf, work: (phase: SetUpPhase) => Promise<T>): Promise<T> {
    const phase = new SetUpPhase(deps, of);
    if (of.ref.run.trial) return work(phase);
    let result: T;
    try {
      result = await work(phase);
    } catch (error) {
      const cancelled = of.signal.aborted;
      await phase.#log?.close();
      await phase.#end(cancelled ? 'cancelled' : 'failed', cancelled ? null : error);
      throw error;
    }
    await phase.#log?.close();
    await phase.#end(phase.#log ? 'succeeded' : 'cached', null);
    return result;
  }

  /** Records that the command begins, and opens the log of its output. */
  async begin(network: 'none' | 'host'): Promise<RunLog> {
    const { ref, attempt, purpose, commit, command } = this.#of;
    if (ref.run.trial) return this.#of.log;
    const name = purpose === 'agent' ? 'set-up.log' : `set-up-${commit.slice(0, 12)}.log`;
    const log = (this.#log ??= await RunLog.open(this.#deps, ref, attempt, name));
    await persist(this.#deps, ref.run.organisationId, async (tx) => {
      await beginSetUp(tx, this.#of, { command, network, logId: log.id });
      await stepEvent(tx, ref, {
        key: `${this.#key}/started`,
        type: 'setup.started',
        briefing: `set-up ${this.#for} begins: ${command} (network: ${network})`,
        payload: { ...this.#facts, network, log: log.id },
      });
    });
    return log;
  }

  async #end(status: SetUpStatus, thrown: unknown): Promise<void> {
    const { ref, command } = this.#of;
    const { redactor } = this.#deps;
    const error = thrown === null ? null : redactor.text((thrown as Error).message);
    await persist(this.#deps, ref.run.organisationId, async (tx) => {
      const tookMs = await endSetUp(tx, this.#of, { command, status, error, startedAt: this.#startedAt });
      await stepEvent(tx, ref, {
        key: `${this.#key}/${status}`,
        type: error === null ? 'setup.completed' : 'setup.failed',
        briefing: `set-up ${this.#for} ${thrown === null ? tellOutcome(status, tookMs) : redactor.text(reasonOf(thrown))}`,
        payload: { ...this.#facts, status, tookMs: Math.round(tookMs), log: this.#log?.id ?? null },
      });
    });
  }

  get #for(): string {
    return this.#of.purpose === 'agent' ? 'for the agent' : 'for the gates';
  }

  get #key(): string {
    const { attempt, purpose, commit } = this.#of;
    return `${attempt}/set-up/${purpose}/${commit}`;
  }

  get #facts() {
    const { attempt, purpose, commit, command } = this.#of;
    return { attempt, purpose, commit, command };
  }
}

function tellOutcome(status: SetUpStatus, tookMs: number): string {
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  return status === 'cached' ? `taken over from the cache in ${took}` : `${status} after ${took}`;
}

/** What `setup-failed` says of its command without its last lines; another error is told whole. */
function reasonOf(thrown: unknown): string {
  const reason = thrown instanceof BatonError ? thrown.details['reason'] : undefined;
  return typeof reason === 'string' ? reason : `failed: ${(thrown as Error).message}`;
}
