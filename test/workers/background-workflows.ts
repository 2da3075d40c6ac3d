import { CancellationScope, proxyActivities, sleep } from '@temporalio/workflow';
import type { TestActivities } from './background.test.js';

const { act } = proxyActivities<TestActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '3s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '10ms', backoffCoefficient: 1, maximumAttempts: 3 },
});

export const ask = (what: string): Promise<unknown> => act(what);

/** Asks, and takes it back. */
export const takeBack = (what: string): Promise<unknown> =>
  CancellationScope.cancellable(async () => {
    const asked = act(what);
    await sleep('300ms');
    CancellationScope.current().cancel();
    return asked;
  });
