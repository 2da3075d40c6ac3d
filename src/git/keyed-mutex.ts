const tails = new Map<string, Promise<unknown>>();

/**
 * Runs `work` after all earlier work of the same key in this process, whether that succeeded or not. Aborted while it
 * waits, it gives up its turn and throws the signal's reason.
 */
export async function exclusively<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  const before = tails.get(key) ?? Promise.resolve();
  let begun = false;
  const mine = before.then(() => {
    signal?.throwIfAborted();
    begun = true;
    return work();
  });
  const tail = mine.catch(() => undefined);
  tails.set(key, tail);
  void tail.then(() => {
    if (tails.get(key) === tail) tails.delete(key);
  });
  if (!signal) return mine;

  let giveUp: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      if (!begun) reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([mine, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp!);
  }
}
