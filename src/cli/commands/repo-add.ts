import { Command } from 'commander';
import { say, wantsJson, type Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { isUsable } from '../repo-add/follow-trial.js';
import { addRepository, type AddOptions } from '../repo-add/add-repository.js';
import { metLines } from '../repo-add/lines.js';
import type { Met } from '../repo-add/meeting.js';
import { Interruption } from '../terminal/interruption.js';

const HELP = `
It imports the repository, proposes .baton/repository.yaml, runs set-up and gates once in the sandbox,
and asks whether to accept, edit, try again or undo. Without a terminal and without --yes it stops
after the proposal. With --yes, exit code 1 says that the set-up or the tests did not pass.`;

export const repoAddCommand = (context: Context): Command =>
  new Command('add')
    .argument('<path-or-url>', 'a folder on the machine of the server, or a URL')
    .description('import a repository and set it up; the original is not written to')
    .option('-n, --name <name>', 'its name here; that of the folder where left out')
    .option('--default-branch <name>', 'its default branch; that of HEAD where left out')
    .option('-y, --yes', 'accept what passes its trial, without asking')
    .option('--dry-run', 'show all of it, and leave nothing behind')
    .addHelpText('after', HELP)
    .action((source: string, options: AddOptions, command: Command) => add(context, command, source, options));

async function add(context: Context, command: Command, source: string, options: AddOptions): Promise<void> {
  const quiet = wantsJson(command);
  const interruption = new Interruption();
  try {
    const added = await addRepository({ context, source, ...options, quiet, interruption });
    const { repository, warnings, met, name } = added;
    context.exitCode = options.yes && !isUsable(met.trial) ? EXIT.failed : EXIT.ok;
    const next = nextOf(met, name, source, options);
    const { dryRun = false } = options;
    say(context, command, { ...repository, warnings, ...met, dryRun, next }, () => endLines(met, name, next, dryRun));
  } finally {
    interruption.dispose();
  }
}

function nextOf(
  { trial, proposal, configuration, removed }: Met,
  name: string,
  source: string,
  { dryRun, defaultBranch, name: given }: AddOptions,
): string[] {
  const named = given === undefined ? '' : ` --name ${given}`;
  const branch = defaultBranch === undefined ? '' : ` --default-branch ${defaultBranch}`;
  if (dryRun) return [`baton repo add ${source}${named}${branch} --yes`];
  if (removed) return [];
  if (trial === null)
    return [`baton repo add ${source} --name ${name} --yes`, `baton repo add ${source} --name ${name} --dry-run`];
  const issue = `baton issue create --repo ${name} --label … --title …`;
  return configuration === null && proposal.existing === null
    ? [`baton repo add ${source} --name ${name}`, issue]
    : [issue];
}

function endLines(met: Met, name: string, commands: readonly string[], isDryRun: boolean): string[] {
  const { removed } = met;
  const next = commands.map((command) => `  ${command}`);
  if (isDryRun) return ['Nothing is left behind. To add it:', ...next];
  if (removed) return [`${name} is removed again.`];
  return [`${name} is added.`, ...metLines(met, name), 'Go on with:', ...next];
}
