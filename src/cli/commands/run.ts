import { Command } from 'commander';
import { createdRun } from '../../schema/api/run.js';
import { say, wantsJson, type Context } from '../context.js';
import { missingLines } from '../output/missing-lines.js';
import { pairs } from '../pairs.js';
import { watchRun } from '../watch-run.js';
import { wholeNumber } from '../whole-number.js';

interface Options {
  readonly repo?: string;
  readonly issue?: number;
  readonly context: Readonly<Record<string, unknown>>;
  readonly watch?: boolean;
}

export const runCommand = (context: Context): Command =>
  new Command('run')
    .argument('<pipeline>')
    .description('start a pipeline by hand')
    .option('-r, --repo <name>', 'the repository that it works in')
    .option('-i, --issue <number>', 'an issue of that repository', wholeNumber)
    .option(
      '-c, --context <key=value>',
      'what the pipeline reads as {{ context.key }}; JSON or text; may be repeated',
      pairs,
      {},
    )
    .option('-w, --watch', 'follow it to its end; with --json a JSON document a line')
    .action(async (pipeline: string, { repo, issue, context: values, watch }: Options, command: Command) => {
      const client = context.client();
      const made = await client.post('/api/runs', createdRun, {
        body: {
          pipeline,
          ...(repo !== undefined && { repository: repo }),
          ...(issue !== undefined && { issue }),
          context: values,
        },
      });
      if (watch && !wantsJson(command)) context.out(`#${made.number} ${pipeline}`);
      if (watch) await watchRun(context, command, made.id);
      else
        say(context, command, made, () => [
          ...missingLines(made.missing, context.style),
          `#${made.number} ${pipeline} is started; follow it with: baton watch ${made.number}`,
        ]);
    });
