import { z } from 'zod';
import { listNotices, resendNotice } from '../../db/notices.js';
import { uuid } from '../../schema/api/fields.js';
import { notice, noticePage, noticeQuery } from '../../schema/api/notice.js';
import { noBody } from '../../schema/api/run.js';
import { route } from '../route.js';

const tag = 'Notices';

export const noticeRoutes = [
  route({
    method: 'get',
    path: '/notices',
    id: 'listNotices',
    tag,
    summary: 'What was told to people and where, newest first; `status=failed` are the dead letters',
    role: 'reader',
    query: noticeQuery,
    response: noticePage,
    handle: ({ query, read }) => read((tx) => listNotices(tx, query)),
  }),
  route({
    method: 'post',
    path: '/notices/:id/resend',
    id: 'resendNotice',
    tag,
    summary: 'Send a dead letter once more',
    role: 'author',
    action: 'notice.resend',
    params: z.object({ id: uuid }),
    body: noBody,
    status: 202,
    response: notice,
    handle: async ({ params: { id }, write, about }, { dispatcher }) => {
      about(`notice:${id}`);
      const pending = await write(async (tx) => {
        await resendNotice(tx, id);
        return (await listNotices(tx, { id, limit: 1 })).items[0]!;
      });
      dispatcher.wake();
      return pending;
    },
  }),
];
