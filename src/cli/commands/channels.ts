import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { channelPage, removedChannel, savedChannel } from '../../schema/api/channel.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';

export const channelsCommand = (context: Context): Command =>
  new Command('channels')
    .description('where notices go: Slack, Discord, Teams, mail, webhooks, pagers')
    .action(async (_options: unknown, command: Command) => {
      const items = await allPages(context.client(), '/api/channels', channelPage);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no channels; add one with: baton channels add FILE']
          : table(items, [
              { title: 'NAME', of: (channel) => channel.name },
              { title: 'KIND', of: (channel) => channel.kind },
              { title: 'SECRET', of: (channel) => channel.secretEnv ?? '' },
              {
                title: 'QUIET',
                of: ({ quietHours: quiet }) => (quiet ? `${quiet.from}-${quiet.to} ${quiet.timeZone}` : ''),
              },
              { title: 'SETTINGS', of: (channel) => JSON.stringify(channel.settings), max: 80 },
            ]),
      );
    })
    .addCommand(add(context))
    .addCommand(remove(context));

const add = (context: Context): Command =>
  new Command('add')
    .argument('<file>', 'a channel in YAML, or a list of them')
    .description('make channels, or bring known ones up to date')
    .action(async (file: string, _options: unknown, command: Command) => {
      const saved: z.infer<typeof savedChannel>[] = [];
      for (const body of await readChannels(file))
        saved.push(await context.client().post('/api/channels', savedChannel, { body }));
      say(context, command, { items: saved }, () => saved.map(({ name }) => `${name} is there`));
    });

const remove = (context: Context): Command =>
  new Command('remove')
    .argument('<name>', 'its name, such as "#security"')
    .description('take a channel away')
    .action(async (name: string, _options: unknown, command: Command) => {
      const removed = await context.client().delete(`/api/channels/${encodeURIComponent(name)}`, removedChannel);
      say(context, command, removed, () => [`${name} is gone`]);
    });

const channelFile = z.union([z.array(z.looseObject({})), z.looseObject({}).transform((channel) => [channel])]);

async function readChannels(file: string): Promise<Record<string, unknown>[]> {
  try {
    return channelFile.parse(parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new CliError(
      EXIT.usage,
      'file-unreadable',
      `${file} cannot be read: ${(error as Error).message.split('\n')[0]}.`,
    );
  }
}
