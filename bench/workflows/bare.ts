import { proxyActivities } from '@temporalio/workflow';

const { noop } = proxyActivities<{ noop(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** What the SDK does by itself: five activities in a row. */
export async function bare(): Promise<void> {
  for (let step = 0; step < 5; step += 1) await noop();
}
