import { findChannel } from '../../db/channels.js';
import { quietMsLeft, type NoticeActivities } from '../../domain/notice.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** How long the channel's quiet hours hold a notice, as the channel is now; what is urgent is not held. */
export const holdNotice =
  (deps: ActivityDeps): NoticeActivities['holdNotice'] =>
  ({ organisationId, noticeId }) =>
    persist(deps, organisationId, async (tx) => {
      const { channel, urgent } = await tx
        .selectFrom('notices')
        .select(['channel', 'urgent'])
        .where('id', '=', noticeId)
        .executeTakeFirstOrThrow();
      const quiet = (await findChannel(tx, channel))?.quietHours;
      const now = Date.now();
      const holdMs = quiet && !urgent ? quietMsLeft(quiet, now) : 0;
      await tx
        .updateTable('notices')
        .set({ held_until: holdMs > 0 ? new Date(now + holdMs) : null })
        .where('id', '=', noticeId)
        .execute();
      return holdMs;
    });
