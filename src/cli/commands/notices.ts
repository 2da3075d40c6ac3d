import { Command } from 'commander';
import { notice, noticePage } from '../../schema/api/notice.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { table } from '../output/table.js';
import { wholeNumber } from '../whole-number.js';

interface Options {
  readonly failed?: boolean;
  readonly channel?: string;
  readonly limit: number;
}

export const noticesCommand = (context: Context): Command =>
  new Command('notices')
    .description('what was told to people and where, newest first')
    .option('--failed', 'only the dead letters')
    .option('--channel <name>', 'only of this channel')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(async ({ failed, channel, limit }: Options, command: Command) => {
      const query = new URLSearchParams({
        ...(failed === true && { status: 'failed' }),
        ...(channel !== undefined && { channel }),
      });
      const items = await allPages(context.client(), `/api/notices?${query.toString()}`, noticePage, limit);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no notices']
          : table(items, [
              { title: 'ID', of: ({ id }) => id },
              { title: 'CHANNEL', of: (of) => of.channel },
              { title: 'STATUS', of: (of) => of.status, paint: context.style.status },
              { title: 'TITLE', of: (of) => of.title, max: 60 },
              { title: 'WHY', of: (of) => of.error?.message ?? '', max: 80 },
            ]),
      );
    })
    .addCommand(resend(context));

const resend = (context: Context): Command =>
  new Command('resend')
    .argument('<id>', 'a dead letter')
    .description('send it once more')
    .action(async (id: string, _options: unknown, command: Command) => {
      const pending = await context
        .client()
        .post(`/api/notices/${encodeURIComponent(id)}/resend`, notice, { body: {} });
      say(context, command, pending, () => [`it goes to ${pending.channel} again`]);
    });
