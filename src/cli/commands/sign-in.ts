import { Command } from 'commander';
import { signInLink } from '../../schema/api/session.js';
import { say, type Context } from '../context.js';

export const signInCommand = (context: Context): Command =>
  new Command('sign-in')
    .description('a link that signs you in to the page, once, within 15 minutes')
    .option('-t, --to <path>', 'the page to show then', '/')
    .action(async ({ to }: { to: string }, command: Command) => {
      const client = context.client();
      const { url, expiresAt } = await client.post('/api/sign-in-links', signInLink, { body: { next: to } });
      const link = `${client.publicUrl}${url}`;
      say(context, command, { url: link, expiresAt }, () => [link]);
    });
