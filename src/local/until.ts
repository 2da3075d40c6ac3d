import { setTimeout as sleep } from 'node:timers/promises';

const lookAgainMs = 50;

/** Tries until it succeeds: how the process supervisor learns that a server serves. Rejects when aborted. */
export async function until<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw error;
      await sleep(lookAgainMs, undefined, { signal });
    }
  }
}
