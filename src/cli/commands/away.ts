import { Command } from 'commander';
import { absences, openedAbsence } from '../../schema/api/absence.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';

interface Options {
  readonly until?: string;
  readonly from?: string;
  readonly delegate?: string;
  readonly note?: string;
}

export const awayCommand = (context: Context): Command =>
  new Command('away')
    .description('say that you are away, and who decides in your place; without options: when you are')
    .option('--until <time>', 'such as 2026-12-01 or 2026-12-01T09:00Z')
    .option('--from <time>', 'default: now')
    .option('--delegate <handle>', 'who decides meanwhile')
    .option('-m, --note <text>', 'why')
    .action(async ({ until, from, delegate, note }: Options, command: Command) => {
      if (until === undefined) {
        if (from !== undefined || delegate !== undefined || note !== undefined)
          throw new CliError(EXIT.usage, 'until-missing', 'Say until when, with --until.');
        await list(context, command);
        return;
      }
      const body = {
        until: timeOf(until),
        ...(from !== undefined && { from: timeOf(from) }),
        ...(delegate !== undefined && { delegate }),
        ...(note !== undefined && { note }),
      };
      const opened = await context.client().post('/api/me/absences', openedAbsence, { body });
      say(context, command, opened, () => [
        `away until ${body.until}; ${delegate ? `${delegate} decides meanwhile` : 'nobody decides in your place'}`,
      ]);
    });

export const backCommand = (context: Context): Command =>
  new Command('back').description('end your absences').action(async (_options: unknown, command: Command) => {
    const client = context.client();
    const { items } = await client.get('/api/me/absences', absences);
    for (const { id } of items) await client.delete(`/api/me/absences/${id}`, openedAbsence);
    say(context, command, { ended: items.map(({ id }) => id) }, () => [
      items.length === 0 ? 'you were not away' : 'you are back',
    ]);
  });

async function list(context: Context, command: Command): Promise<void> {
  const found = await context.client().get('/api/me/absences', absences);
  say(context, command, found, () =>
    found.items.length === 0
      ? ['you are not away']
      : table(found.items, [
          { title: 'FROM', of: ({ startsAt }) => startsAt },
          { title: 'UNTIL', of: ({ endsAt }) => endsAt },
          { title: 'DECIDES', of: ({ delegate }) => delegate },
          { title: 'NOTE', of: ({ note }) => note, max: 60 },
        ]),
  );
}

function timeOf(text: string): string {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CliError(EXIT.usage, 'bad-time', `${text} is no time; write one such as 2026-12-01 or 2026-12-01T09:00Z.`);
}
