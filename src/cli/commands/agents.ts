import { Command } from 'commander';
import { agentPage } from '../../schema/api/agent.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { table } from '../output/table.js';

export const agentsCommand = (context: Context): Command =>
  new Command('agents')
    .description('agents: what they can do, what they do')
    .action(async (_options: unknown, command: Command) => {
      const items = await allPages(context.client(), '/api/agents', agentPage);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no agents']
          : table(items, [
              { title: 'NAME', of: (agent) => agent.name },
              { title: 'TYPE', of: (agent) => `${agent.type} (${agent.adapter})` },
              { title: 'STATUS', of: (agent) => agent.status, paint: context.style.status },
              { title: 'ROLES', of: (agent) => agent.roles.join(', ') },
              { title: 'ATTEMPTS', of: ({ attempts }) => `${attempts.succeeded}/${attempts.total}`, right: true },
              {
                title: 'CAN',
                of: ({ capabilities }) => capabilities.map(({ name }) => name).join(', ') || 'anything',
                max: 60,
              },
            ]),
      );
    });
