import { Command } from 'commander';
import { escalationPage } from '../../schema/api/escalation.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { table } from '../output/table.js';
import { ago } from '../output/time.js';
import { wholeNumber } from '../whole-number.js';

interface Options {
  readonly open?: boolean;
  readonly run?: string;
  readonly limit: number;
}

export const escalationsCommand = (context: Context): Command =>
  new Command('escalations')
    .description('what lasts too long and how far it has come, newest first')
    .option('--open', 'only those whose cause lasts')
    .option('--run <run>', 'only of this run')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(async ({ open, run, limit }: Options, command: Command) => {
      const query = new URLSearchParams({
        ...(open === true && { status: 'open' }),
        ...(run !== undefined && { run }),
      });
      const items = await allPages(context.client(), `/api/escalations?${query.toString()}`, escalationPage, limit);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no escalations']
          : table(items, [
              { title: 'CAUSE', of: ({ cause }) => cause },
              { title: 'RUN', of: (of) => (of.run === null ? null : `#${of.run}`) },
              { title: 'STATUS', of: ({ status }) => status, paint: context.style.status },
              { title: 'SINCE', of: ({ since }) => ago(since) },
              { title: 'WHAT', of: ({ title }) => title, max: 50 },
              {
                title: 'DONE SO FAR',
                of: ({ levels }) => levels.flatMap(({ did }) => did).join(', ') || 'nothing yet',
                max: 100,
              },
            ]),
      );
    });
