import { Command } from 'commander';
import type { Context } from '../context.js';
import { watchRun } from '../watch-run.js';

export const watchCommand = (context: Context): Command =>
  new Command('watch')
    .argument('<run>', 'its number, id or workflow id')
    .description('follow a run to its end: a line for everything that happens')
    .addHelpText('after', '\nWith --json each line is an event, as a JSON document.')
    .action((reference: string, _options: unknown, command: Command) => watchRun(context, command, reference));
