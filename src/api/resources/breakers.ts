import { openBreakers } from '../../db/breakers.js';
import { breakerList } from '../../schema/api/breaker.js';
import { route } from '../route.js';

export const breakerRoutes = [
  route({
    method: 'get',
    path: '/breakers',
    id: 'listBreakers',
    tag: 'Agents',
    summary: 'Where new work is held back now: keys of providers and agents, the one that was opened last first',
    role: 'reader',
    response: breakerList,
    handle: ({ read }) => read(async (tx) => ({ items: await openBreakers(tx) })),
  }),
];
