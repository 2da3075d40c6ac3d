import { CliError } from '../exit-code.js';

const RETRY_MS = 1_000;

export interface Patience {
  /** Codes of what may pass: the request is sent again, and must be one that counts once. */
  readonly codes: readonly string[];
  readonly patienceMs: number;
  /** Told before each time that it is sent again. */
  readonly onWait?: () => void;
}

/** Sends until there is an answer, or patience is at its end. */
export async function persist<T>(send: () => Promise<T>, { codes, patienceMs, onWait }: Patience): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof CliError) || !codes.includes(error.code) || Date.now() > until) throw error;
      onWait?.();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
