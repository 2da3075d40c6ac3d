import { isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { NoticeActivities, NoticeRef } from '../domain/notice.js';
import { record } from './activities.js';
import { describeFailure } from './failure.js';

/** Tried for about an hour and a half; after that it is a dead letter, which a person may send again. */
const delivery = proxyActivities<Pick<NoticeActivities, 'sendNotice'>>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '2s', backoffCoefficient: 3, maximumInterval: '15m', maximumAttempts: 12 },
});

/** Brings one notice to its channel: held in its quiet hours, tried again with back-off, never anybody else's trouble. */
export async function notice(ref: NoticeRef): Promise<'sent' | 'failed'> {
  for (;;) {
    const holdMs = await record.holdNotice(ref);
    if (holdMs === 0) break;
    await sleep(holdMs);
  }
  try {
    await delivery.sendNotice(ref);
    return 'sent';
  } catch (error) {
    if (isCancellation(error)) throw error;
    await record.buryNotice({ ...ref, failure: describeFailure(error) });
    return 'failed';
  }
}
