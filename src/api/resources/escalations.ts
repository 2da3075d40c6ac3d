import { listEscalations } from '../../db/escalations.js';
import { requireRunId } from '../../db/run-views.js';
import { escalationPage, escalationQuery } from '../../schema/api/escalation.js';
import { route } from '../route.js';

export const escalationRoutes = [
  route({
    method: 'get',
    path: '/escalations',
    id: 'listEscalations',
    tag: 'Notices',
    summary: 'What lasts too long and how far it has come, newest first',
    role: 'reader',
    query: escalationQuery,
    response: escalationPage,
    handle: ({ query: { run, ...filter }, read }) =>
      read(async (tx) =>
        listEscalations(tx, { ...filter, ...(run !== undefined && { run: await requireRunId(tx, run) }) }),
      ),
  }),
];
