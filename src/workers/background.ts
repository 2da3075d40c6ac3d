import { setTimeout as sleep } from 'node:timers/promises';
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  type Client,
} from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { Logger } from '../telemetry/logger.js';

/** Often enough that a cancellation reaches an agent's process within seconds, and a dead worker is noticed in ten. */
export const HEARTBEAT_MS = 1_000;
const CALL_MS = 5_000;
/** What was told to end has this long for it when the worker stops. */
const FORCE_MS = 15_000;
/** Without an answer for so long the end of an activity is given up: its heartbeat ends, and it is begun again. */
const DELIVER_MS = 5 * 60_000;

export interface BackgroundOptions {
  readonly client: Pick<Client, 'activity' | 'withDeadline'>;
  readonly log: Logger;
  /** What lasts longer goes to the background. */
  readonly afterMs: number;
  /** At once; more keep their slots. */
  readonly most: number;
}

/** An activity at work. */
export interface Work {
  readonly token: Uint8Array;
  /** Ends it. */
  readonly controller: AbortController;
  /** Settles with its end, as Temporal is to be told of it. */
  readonly result: Promise<unknown>;
}

/**
 * Activities that have given their slots back and go on. Temporal is told that they live, tells when they are cancelled,
 * and is told of their end, once; nobody polls. Where this process dies it hears no more of them, and has them begun again.
 */
export class Background {
  readonly #options: BackgroundOptions;
  readonly #working = new Map<Work, Promise<void>>();
  #reserved = 0;
  #onRoom = Promise.withResolvers<undefined>();
  #closing: Promise<void> | undefined;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#reserved;
  }

  /** True when the work goes on in the background; false where it ended before, in its slot. */
  async take(work: Work): Promise<boolean> {
    const isOver = new AbortController();
    const over = work.result.then(
      () => isOver.abort(),
      () => isOver.abort(),
    );
    await sleep(this.#options.afterMs, undefined, { signal: isOver.signal }).catch(() => undefined);
    while (!isOver.signal.aborted && this.#reserved >= this.#options.most)
      await Promise.race([over, this.#onRoom.promise]);
    if (isOver.signal.aborted || this.#closing) return false;
    this.#reserved += 1;
    this.#working.set(work, this.#follow(work));
    return true;
  }

  /** Gives back what is not over within `graceMs`; resolves when it has ended and Temporal knows, 15 s later at the latest. */
  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#giveBack(graceMs);
    return this.#closing;
  }

  async #giveBack(graceMs: number): Promise<void> {
    await this.#ended(graceMs);
    for (const { controller } of this.#working.keys()) controller.abort(new CancelledFailure('WORKER_SHUTDOWN'));
    await this.#ended(FORCE_MS);
  }

  async #ended(withinMs: number): Promise<void> {
    const waiting = new AbortController();
    const late = sleep(withinMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#working.values()), late]);
    waiting.abort();
  }

  async #follow(work: Work): Promise<void> {
    const told = new AbortController();
    const beating = this.#beat(work, told.signal);
    try {
      await this.#deliver(work.token, await reportOf(work.result, this.#options.client.activity));
    } finally {
      told.abort();
      await beating;
      this.#reserved -= 1;
      this.#working.delete(work);
      this.#onRoom.resolve(undefined);
      this.#onRoom = Promise.withResolvers();
    }
  }

  async #beat({ token, controller }: Work, told: AbortSignal): Promise<void> {
    const { client, log } = this.#options;
    while (!told.aborted) {
      try {
        await client.withDeadline(Date.now() + CALL_MS, () => client.activity.heartbeat(token));
      } catch (error) {
        const reason = whyEnded(error);
        if (reason !== null) controller.abort(new CancelledFailure(reason));
        else log.debug({ err: error }, 'Temporal does not hear now that an activity lives');
        if (reason === 'NOT_FOUND') return;
      }
      await sleep(HEARTBEAT_MS, undefined, { signal: told }).catch(() => undefined);
    }
  }

  async #deliver(token: Uint8Array, report: Report): Promise<void> {
    const { client, log } = this.#options;
    const deadline = Date.now() + DELIVER_MS;
    for (;;) {
      try {
        await client.withDeadline(Date.now() + CALL_MS, () => report(token));
        return;
      } catch (error) {
        // It timed out, or its workflow is over: nobody waits for it.
        if (error instanceof ActivityNotFoundError) return;
        log.warn({ err: error }, 'the end of an activity cannot be told now');
        if (Date.now() > deadline) return;
        await sleep(HEARTBEAT_MS);
      }
    }
  }
}

type Report = (token: Uint8Array) => Promise<void>;

async function reportOf(result: Promise<unknown>, activity: Client['activity']): Promise<Report> {
  try {
    const value = await result;
    return (token) => activity.complete(token, value);
  } catch (error) {
    if (error instanceof CancelledFailure) return (token) => activity.reportCancellation(token);
    return (token) => activity.fail(token, error);
  }
}

/** In the words that Temporal's own signal has for it; null where it may go on. */
function whyEnded(error: unknown): string | null {
  if (error instanceof ActivityCancelledError) return 'CANCELLED';
  if (error instanceof ActivityNotFoundError) return 'NOT_FOUND';
  if (error instanceof ActivityPausedError) return 'PAUSED';
  return error instanceof ActivityResetError ? 'RESET' : null;
}
