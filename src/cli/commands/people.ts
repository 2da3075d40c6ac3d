import { Command, Option } from 'commander';
import { createdKey, people, savedPerson } from '../../schema/api/people.js';
import { say, type Context } from '../context.js';
import { table } from '../output/table.js';
import { collectNames } from '../writing.js';

interface SaveOptions {
  readonly role: string;
  readonly name?: string;
  readonly jobRoles?: readonly string[];
  readonly project?: string;
}

export const peopleCommand = (context: Context): Command =>
  new Command('people')
    .description('who is in the organisation, and what they may do')
    .action(async (_options: unknown, command: Command) => {
      const found = await context.client().get('/api/people', people);
      const here = found.items.filter(({ leftAt }) => leftAt === null);
      say(context, command, found, () =>
        table(here, [
          { title: 'HANDLE', of: ({ handle }) => handle },
          { title: 'NAME', of: ({ name }) => name, max: 40 },
          { title: 'ROLE', of: ({ role }) => role },
          { title: 'JOB ROLES', of: ({ jobRoles }) => heldAs(jobRoles), max: 60 },
          { title: 'TEAMS', of: ({ teams }) => teams.join(', '), max: 40 },
        ]),
      );
    })
    .addCommand(save(context))
    .addCommand(remove(context));

/** Job roles in a line; the project is told where there are several. */
export function heldAs(held: readonly { readonly project: string; readonly role: string }[]): string {
  const several = new Set(held.map(({ project }) => project)).size > 1;
  return held.map(({ project, role }) => (several ? `${role} (${project})` : role)).join(', ');
}

const save = (context: Context): Command =>
  new Command('add')
    .argument('<handle>', 'what they are called, such as ann')
    .description('let somebody in, with a first key; of somebody known, change what they may do')
    .addOption(
      new Option('-r, --role <role>', 'what they may do in the organisation')
        .choices(['admin', 'author', 'reviewer', 'reader'])
        .makeOptionMandatory(),
    )
    .option('-n, --name <name>', 'their name')
    .option(
      '-j, --job-roles <roles>',
      'all that they hold in the project, such as dba,on-call; "" for none',
      collectNames,
    )
    .option('-p, --project <name>', 'of the job roles, where there are several projects')
    .action(async (handle: string, options: SaveOptions, command: Command) => {
      const client = context.client();
      const before = (await client.get('/api/people', people)).items.find((person) => person.handle === handle);
      await client.post('/api/people', savedPerson, { body: { handle, ...options } });
      if (before?.leftAt === null) {
        say(context, command, { handle }, () => [`${handle} is ${options.role} from now on`]);
        return;
      }
      const { token } = await client.post(`/api/people/${handle}/keys`, createdKey, { body: { label: 'first key' } });
      say(context, command, { handle, token }, () => [
        `${handle} is in. Their first key, told this once:`,
        token,
        `With it: BATON_TOKEN=… baton sign-in`,
      ]);
    });

const remove = (context: Context): Command =>
  new Command('remove')
    .argument('<handle>', 'who leaves')
    .description('somebody leaves: their keys and sessions end, what they did stays theirs')
    .action(async (handle: string, _options: unknown, command: Command) => {
      const removed = await context.client().delete(`/api/people/${encodeURIComponent(handle)}`, savedPerson);
      say(context, command, removed, () => [`${handle} has left`]);
    });
