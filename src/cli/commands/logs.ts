import { Command } from 'commander';
import { placeOf, type RunArtifact } from '../client/run-artifacts.js';
import { readLogs } from '../client/run-logs.js';
import { wantsJson, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { harmlessLines } from '../output/style.js';

interface Options {
  readonly follow?: boolean;
  readonly raw?: boolean;
}

export const logsCommand = (context: Context): Command =>
  new Command('logs')
    .argument('<run>', 'its number, id or workflow id')
    .argument('[step]', 'id of a step; left out: all steps')
    .description('what set-ups, agents and gates of a run printed')
    .option('-f, --follow', 'go on live to the end of the run')
    .option('--raw', 'with the control characters of what agents printed, also on a terminal')
    .addHelpText('after', '\nWith --json each line of a log is a JSON document.')
    .action(async (run: string, step: string | undefined, options: Options, command: Command) => {
      const { follow = false, raw = !context.isTerminal } = options;
      const onLost = (): void => context.note('Baton does not answer; going on where it stopped as soon as it does');
      const logs = readLogs(context.client(), { run, step, follow, onLost });
      const print = wantsJson(command) ? jsonPrinter(context) : textPrinter(context, raw);
      let any = false;
      for (let next = await logs.next(); ; next = await logs.next()) {
        if (next.done) {
          if (follow && next.value.status !== 'succeeded') context.exitCode = EXIT.failed;
          if (!any) sayNothing(context, run, step);
          return;
        }
        any = true;
        await print(next.value.log, next.value.lines);
      }
    });

type Printer = (log: RunArtifact, lines: readonly string[]) => Promise<void>;

const jsonPrinter =
  (context: Context): Printer =>
  async ({ id, step, item, attempt, name }, lines) => {
    const of = { step, item, attempt, name, artifact: id };
    const documents = lines.map((line) => `${JSON.stringify({ ...of, line })}\n`);
    await context.write(Buffer.from(documents.join('')));
  };

/** A heading as `tail -f` has it wherever lines of another log follow. */
function textPrinter(context: Context, raw: boolean): Printer {
  let shown: string | null = null;
  return async (log, lines) => {
    if (shown !== log.id) {
      context.out(`${shown === null ? '' : '\n'}${context.style.bold(`==> ${placeOf(log)}: ${log.name} <==`)}`);
      shown = log.id;
    }
    const text = lines.join('\n');
    await context.write(Buffer.from(`${raw ? text : harmlessLines(text)}\n`));
  };
}

function sayNothing(context: Context, run: string, step: string | undefined): void {
  if (step === undefined) {
    context.note(`No step of run ${run} has printed anything.`);
    return;
  }
  throw new CliError(
    EXIT.notFound,
    'no-logs',
    `The step ${step} of run ${run} has no log. \`baton artifact list ${run}\` shows what there is.`,
  );
}
