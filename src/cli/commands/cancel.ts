import { Command } from 'commander';
import { cancelled } from '../../schema/api/run.js';
import { say, type Context } from '../context.js';

export const cancelCommand = (context: Context): Command =>
  new Command('cancel')
    .argument('<run>', 'its number, id or workflow id')
    .description('cancel a run: its agents are stopped within seconds')
    .action(async (reference: string, _options: unknown, command: Command) => {
      const run = await context
        .client()
        .post(`/api/runs/${encodeURIComponent(reference)}/cancel`, cancelled, { body: {} });
      say(context, command, run, () => [`#${run.number} is being cancelled`]);
    });
