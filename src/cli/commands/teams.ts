import { Command } from 'commander';
import { savedTeam, teams } from '../../schema/api/people.js';
import { say, type Context } from '../context.js';
import { table } from '../output/table.js';
import { collectNames } from '../writing.js';
import { heldAs } from './people.js';

interface SaveOptions {
  readonly members: readonly string[];
  readonly jobRoles?: readonly string[];
  readonly project?: string;
}

export const teamsCommand = (context: Context): Command =>
  new Command('teams')
    .description('teams, who is in them, and the job roles that they hold')
    .action(async (_options: unknown, command: Command) => {
      const found = await context.client().get('/api/teams', teams);
      say(context, command, found, () =>
        found.items.length === 0
          ? ['no teams; make one with: baton teams add NAME --members ann,ben']
          : table(found.items, [
              { title: 'TEAM', of: ({ name }) => name },
              { title: 'MEMBERS', of: ({ members }) => members.join(', '), max: 60 },
              { title: 'JOB ROLES', of: ({ jobRoles }) => heldAs(jobRoles), max: 60 },
            ]),
      );
    })
    .addCommand(save(context))
    .addCommand(remove(context));

const save = (context: Context): Command =>
  new Command('add')
    .argument('<name>', 'what approvers can name it by, as human:NAME')
    .description('make a team, or bring a known one up to date')
    .requiredOption('-m, --members <handles>', 'all who are in it, such as ann,ben; "" for nobody', collectNames)
    .option('-j, --job-roles <roles>', 'all that it holds in the project; "" for none', collectNames)
    .option('-p, --project <name>', 'of the job roles, where there are several projects')
    .action(async (name: string, options: SaveOptions, command: Command) => {
      const saved = await context.client().post('/api/teams', savedTeam, { body: { name, ...options } });
      say(context, command, saved, () => [`${name} is there`]);
    });

const remove = (context: Context): Command =>
  new Command('remove')
    .argument('<name>', 'its name')
    .description('take a team away; its people stay')
    .action(async (name: string, _options: unknown, command: Command) => {
      const removed = await context.client().delete(`/api/teams/${encodeURIComponent(name)}`, savedTeam);
      say(context, command, removed, () => [`${name} is gone`]);
    });
