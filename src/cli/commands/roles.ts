import { Command } from 'commander';
import { roleList } from '../../schema/api/agent.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';

export const rolesCommand = (context: Context): Command =>
  new Command('roles')
    .argument('[role]', 'one of them, with its instructions')
    .description('roles: what each may do, and what it is told')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const { items } = await context.client().get('/api/roles', roleList);
      const role = items.find((known) => known.name === name);
      if (name !== undefined && !role)
        throw new CliError(
          EXIT.usage,
          'role-not-found',
          `There is no role ${name}; ${items.map((known) => known.name).join(', ')}.`,
        );
      say(context, command, role ?? { items }, () =>
        role
          ? [role.instructions.trimEnd()]
          : table(items, [
              { title: 'ROLE', of: (known) => known.name },
              { title: 'MAY', of: ({ actions }) => actions.join(', ') },
            ]),
      );
    });
