import { condition } from '@temporalio/workflow';

/**
 * At most `limit` of the pieces of work given to it run at once, and of at most `maxBytes` together; the others wait for
 * their turn, in order.
 */
export function inTurn(limit: number, maxBytes = Infinity): <T>(work: () => Promise<T>, bytes?: number) => Promise<T> {
  let running = 0;
  let carried = 0;
  const fits = (bytes: number) => running === 0 || (running < limit && carried + bytes <= maxBytes);
  return async (work, bytes = 0) => {
    while (!fits(bytes)) await condition(() => fits(bytes));
    running += 1;
    carried += bytes;
    try {
      return await work();
    } finally {
      running -= 1;
      carried -= bytes;
    }
  };
}
