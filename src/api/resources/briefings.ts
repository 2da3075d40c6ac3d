import { z } from 'zod';
import { briefing } from '../../schema/api/briefing.js';
import { uuid } from '../../schema/api/fields.js';
import { briefingOf } from '../briefing.js';
import { route } from '../route.js';

export const briefingRoutes = [
  route({
    method: 'get',
    path: '/agent/briefing/:taskId',
    id: 'getBriefing',
    tag: 'Tasks',
    summary:
      'What an agent has to know of a task, in one call; at its step it gets the same by the tool `get_briefing`',
    role: 'reader',
    params: z.object({ taskId: uuid }),
    response: briefing,
    handle: ({ params, read }) => read((tx) => briefingOf(tx, { task: params.taskId })),
  }),
];
