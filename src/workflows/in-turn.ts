import { condition } from '@temporalio/workflow';

/** At most `limit` of the pieces of work given to it run at once; the others wait for their turn, in order. */
export function inTurn(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  return async (work) => {
    while (running >= limit) await condition(() => running < limit);
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
}
