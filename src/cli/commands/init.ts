import { Command } from 'commander';
import { say, wantsJson, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import type { Initialised, InitOptions } from '../init/initialise.js';
import { Interruption } from '../terminal/interruption.js';
import { canAsk } from '../terminal/prompt.js';
import { collectNames } from '../writing.js';

const HELP = `
It looks which coding programs the workers have, imports the repository and tries its set-up and tests once
in the sandbox, registers one agent for each role, and opens a first issue. What is there already is used.
Nothing starts: the end says which command starts the first run. Without a terminal it needs --yes or --dry-run.
Exit code 1: something is still missing, or set-up or tests did not pass.`;

export const initCommand = (context: Context): Command =>
  new Command('init')
    .argument('[path-or-url]', 'your repository; that of the current directory where left out')
    .description('set up a repository, a team of agents and a first issue in one go')
    .option('-n, --name <name>', "the repository's name here; that of its folder where left out")
    .option('--default-branch <name>', 'its default branch; that of HEAD where left out')
    .option('-t, --title <text>', 'title of the first issue; with --yes none is opened where left out')
    .option('-b, --body <text>', 'body of the first issue')
    .option('--pipeline <name>', 'the pipeline that the first run is of', 'feature-development')
    .option('-y, --yes', 'take the defaults, and accept what passes its trial, without asking')
    .option('--dry-run', 'show all of it, and leave nothing behind')
    .optionsGroup('Of the agents:')
    .option('-a, --agent <program>', 'such as claude; the first program that is signed in where left out')
    .option('-m, --model <model>', "left out: the program's own")
    .option('--base-url <url>', 'where its model answers; left out: at its provider')
    .option('-k, --key <variable>', "of the worker's environment, with its key; may be repeated", collectNames)
    .option('--login', 'sign in with a login that the worker has, in place of a key')
    .option('-p, --project <name>', 'where there are several')
    .addHelpText('after', HELP)
    .action(async (source: string | undefined, options: InitOptions, command: Command) => {
      const { initialise } = await import('../init/initialise.js');
      const quiet = wantsJson(command);
      const asks = canAsk() && !quiet && !options.yes && !options.dryRun;
      if (!asks && !options.yes && !options.dryRun)
        throw new CliError(
          EXIT.usage,
          'cannot-ask',
          'There is no terminal to ask at. Take the defaults with --yes, or look at them with --dry-run.',
        );
      const interruption = new Interruption();
      try {
        const made = await initialise({ context, source, options, asks, quiet, interruption });
        await tell(context, command, made, options);
      } finally {
        interruption.dispose();
      }
    });

async function tell(context: Context, command: Command, made: Initialised | null, options: InitOptions) {
  if (made === null) {
    context.out('The repository is removed again; no agent is registered.');
    return;
  }
  const { initialisedLines, nextSteps } = await import('../init/lines.js');
  const { name, added, program, team, issue, missing, isUsable } = made;
  const isReady = isUsable && missing.every(({ severity }) => severity !== 'error');
  context.exitCode = isReady ? EXIT.ok : EXIT.failed;
  const value = {
    repository: { name, again: added?.again ?? true, warnings: added?.warnings ?? [], ...added?.met },
    program: program.program.name,
    agents: team.map(({ definition, isKnown }) => ({ name: definition.name, roles: definition.roles, again: isKnown })),
    issue,
    missing,
    ready: isReady,
    dryRun: options.dryRun ?? false,
    next: nextSteps(made, options).map(({ command: next }) => next),
  };
  say(context, command, value, () => initialisedLines(made, options, context.style));
}
