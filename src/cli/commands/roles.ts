import { Command } from 'commander';
import { roleList, savedTerritory } from '../../schema/api/agent.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';
import { inProject } from '../writing.js';

export const rolesCommand = (context: Context): Command =>
  new Command('roles')
    .argument('[role]', 'one of them, with its instructions')
    .option('-p, --project <name>', 'of what they own, where there are several')
    .description('roles: what each may do, what it is told, and which files it owns')
    .action(async (name: string | undefined, { project }: { project?: string }, command: Command) => {
      const { items } = await context.client().get(inProject('/api/roles', project), roleList);
      const role = items.find((known) => known.name === name);
      if (name !== undefined && !role)
        throw new CliError(
          EXIT.usage,
          'role-not-found',
          `There is no role ${name}; ${items.map((known) => known.name).join(', ')}.`,
        );
      say(context, command, role ?? { items }, () =>
        role
          ? [
              ...(role.territory ? [`It owns ${role.territory.join(', ')}, and changes nothing else.`, ''] : []),
              role.instructions.trimEnd(),
            ]
          : table(items, [
              { title: 'ROLE', of: (known) => known.name },
              { title: 'MAY', of: ({ actions }) => actions?.join(', ') ?? 'anything' },
              { title: 'OWNS', of: ({ territory }) => territory?.join(', ') ?? 'anything', max: 60 },
            ]),
      );
    })
    .addCommand(territory(context));

const territory = (context: Context): Command =>
  new Command('territory')
    .argument('<role>', 'such as frontend-developer')
    .argument('[globs...]', "all files that it owns, as in .gitignore, such as 'web/**'")
    .option('--anywhere', 'it owns no files of its own any more')
    .description('say which files a role owns: whoever acts in it changes no others')
    .action(
      async (
        role: string,
        globs: readonly string[],
        { anywhere = false }: { anywhere?: boolean },
        command: Command,
      ) => {
        if ((globs.length === 0) !== anywhere)
          throw new CliError(EXIT.usage, 'globs-missing', 'Name the files that it owns, or say --anywhere.');
        const { project } = command.optsWithGlobals<{ project?: string }>();
        const path = `/api/roles/${encodeURIComponent(role)}/territory`;
        const saved = await context.client().post(path, savedTerritory, { body: { globs, project } });
        say(context, command, saved, () => [
          saved.globs.length === 0 ? `${role} may change files anywhere` : `${role} owns ${saved.globs.join(', ')}`,
        ]);
      },
    );
