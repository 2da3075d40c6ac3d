import { withOrganisation, withRole } from '../db/connection.js';
import { undispatchedNotices } from '../db/notices.js';
import { noticeWorkflowId, type NoticeRef } from '../domain/notice.js';
import { cutText } from '../domain/text.js';
import type { DispatchDeps } from './dispatch.js';
import { startOnce } from './start-once.js';

const BATCH = 100;
const MAX_SUMMARY_BYTES = 200;

/** Starts the workflow of every notice that has none yet; like runs, none is lost and none is started twice. */
export async function dispatchNotices(deps: DispatchDeps): Promise<void> {
  for (;;) {
    const pending = await withRole(deps.db, 'baton_lookup', (tx) => undispatchedNotices(tx, BATCH));
    for (const { id, organisationId, round, channel } of pending) {
      const ref: NoticeRef = { organisationId, noticeId: id, round };
      await startOnce(deps, {
        type: 'notice',
        workflowId: noticeWorkflowId(ref),
        argument: ref,
        summary: cutText(`notice to ${channel}`, MAX_SUMMARY_BYTES),
      });
      await withOrganisation(deps.db, organisationId, (tx) =>
        tx
          .updateTable('notices')
          .set({ dispatched_at: new Date() })
          .where('id', '=', id)
          .where('round', '=', round)
          .execute(),
      );
    }
    if (pending.length < BATCH) return;
  }
}
