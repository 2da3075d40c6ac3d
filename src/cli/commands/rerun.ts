import { Command } from 'commander';
import { createdRun } from '../../schema/api/run.js';
import { say, wantsJson, type Context } from '../context.js';
import { pairs } from '../pairs.js';
import { watchRun } from '../watch-run.js';

interface Options {
  readonly from: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly watch?: boolean;
}

export const rerunCommand = (context: Context): Command =>
  new Command('rerun')
    .argument('<run>', 'its number, id or workflow id')
    .description('a new run that takes over what was finished before a step')
    .requiredOption('-f, --from <step>', 'id of the step to begin with')
    .option('--input <key=value>', 'a parameter of that step to replace; JSON or text; may be repeated', pairs, {})
    .option('-w, --watch', 'follow it to its end; with --json a JSON document a line')
    .action(async (reference: string, { from, input, watch }: Options, command: Command) => {
      const made = await context
        .client()
        .post(`/api/runs/${encodeURIComponent(reference)}/rerun`, createdRun, { body: { from, input } });
      if (!watch || !wantsJson(command)) {
        say(context, command, made, () => [
          `#${made.number} repeats ${reference.replace(/^#?(\d+)$/, '#$1')} from ${from}${watch ? '' : `; follow it with: baton watch ${made.number}`}`,
        ]);
      }
      if (watch) await watchRun(context, command, made.id);
    });
