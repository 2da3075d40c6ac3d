import { appendEvent, SYSTEM } from '../../db/events.js';
import type { NoticeActivities } from '../../domain/notice.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** Puts a notice to the dead letters: people see it there, and send it again when its channel is mended. */
export const buryNotice =
  (deps: ActivityDeps): NoticeActivities['buryNotice'] =>
  ({ organisationId, noticeId, round, failure }) =>
    persist(deps, organisationId, async (tx) => {
      const buried = await tx
        .updateTable('notices')
        .set({ status: 'failed', error: JSON.stringify(failure), settled_at: new Date() })
        .where('id', '=', noticeId)
        .where('status', '=', 'pending')
        .where('round', '=', round)
        .returning(['channel', 'title', 'run_id as runId'])
        .executeTakeFirst();
      if (!buried) return;
      await appendEvent(tx, {
        organisationId,
        projectId: null,
        key: `notice/${noticeId}/failed/${round}`,
        type: 'notice.failed',
        runId: buried.runId,
        actor: SYSTEM,
        briefing: `${buried.title} did not reach ${buried.channel}: ${failure.message}`,
        payload: { notice: noticeId, channel: buried.channel, code: failure.code },
      });
    });
