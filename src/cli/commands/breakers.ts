import { Command } from 'commander';
import { breakerList } from '../../schema/api/breaker.js';
import { say, type Context } from '../context.js';
import { calledOf, resumes } from '../output/breaker-sentence.js';
import { table } from '../output/table.js';
import { ago } from '../output/time.js';

export const breakersCommand = (context: Context): Command =>
  new Command('breakers')
    .description('where new work is held back now, and when it goes on: keys of providers, agents')
    .action(async (_options: unknown, command: Command) => {
      const { items } = await context.client().get('/api/breakers', breakerList);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no new work is held back']
          : table(items, [
              { title: 'WHERE', of: calledOf },
              { title: 'SINCE', of: ({ openedAt }) => ago(openedAt) },
              { title: 'RESUMES', of: resumes },
              { title: 'WHY', of: ({ reason }) => reason, max: 100 },
            ]),
      );
    });
