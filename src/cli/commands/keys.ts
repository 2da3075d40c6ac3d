import { Command, Option } from 'commander';
import { createdKey, keys, keyScope, revokedKey } from '../../schema/api/people.js';
import { say, type Context } from '../context.js';
import { table } from '../output/table.js';
import { wholeNumber } from '../whole-number.js';

export const keysCommand = (context: Context): Command =>
  new Command('keys')
    .description('your keys')
    .action(async (_options: unknown, command: Command) => {
      const found = await context.client().get('/api/me/keys', keys);
      say(context, command, found, () =>
        table(found.items, [
          { title: 'ID', of: ({ id }) => id },
          { title: 'FOR', of: ({ label }) => label, max: 40 },
          { title: 'OPENS', of: ({ scopes }) => scopes?.join(', ') ?? 'all that you may do' },
          { title: 'MADE', of: ({ createdAt }) => createdAt },
          { title: 'UNTIL', of: ({ expiresAt }) => expiresAt ?? 'it is revoked' },
        ]),
      );
    })
    .addCommand(create(context))
    .addCommand(revoke(context));

interface CreateOptions {
  readonly days?: number;
  readonly scope?: readonly string[];
}

const create = (context: Context): Command =>
  new Command('create')
    .argument('<label>', 'what it is for')
    .description('another key of yours, told this once')
    .option('-d, --days <days>', 'how long it opens; left out: until it is revoked', wholeNumber)
    .addOption(
      new Option('-s, --scope <scope...>', 'all that it opens; left out: whatever you may do').choices(
        keyScope.options,
      ),
    )
    .action(async (label: string, { days, scope }: CreateOptions, command: Command) => {
      const body = { label, ...(days !== undefined && { expiresInDays: days }), ...(scope && { scopes: scope }) };
      const created = await context.client().post('/api/me/keys', createdKey, { body });
      say(context, command, created, () => [created.token]);
    });

const revoke = (context: Context): Command =>
  new Command('revoke')
    .argument('<id>', 'as baton keys lists it')
    .description('from now on it opens nothing')
    .action(async (id: string, _options: unknown, command: Command) => {
      const revoked = await context.client().delete(`/api/me/keys/${encodeURIComponent(id)}`, revokedKey);
      say(context, command, revoked, () => [`${id} opens nothing any more`]);
    });
