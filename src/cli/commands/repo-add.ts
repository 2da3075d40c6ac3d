import { Command } from 'commander';
import { wantsJson, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { plain } from '../output/style.js';
import type { Trial } from '../repo-add/follow-trial.js';
import { importRepository, nameOf, sourceOf } from '../repo-add/import-repository.js';
import { Meeting, type Met } from '../repo-add/meeting.js';

interface Options {
  readonly name?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly defaultBranch?: string;
}

const HELP = `
It imports the repository, proposes .baton/repository.yaml, runs set-up and gates once in the sandbox,
and asks whether to accept, edit, try again or undo. Without a terminal and without --yes it stops
after the proposal. With --yes, exit code 1 says that the set-up or the tests did not pass.`;

export const repoAddCommand = (context: Context): Command =>
  new Command('add')
    .argument('<path-or-url>', 'a folder on the machine of the server, or a URL')
    .description('import a repository and set it up; yours is never written to')
    .option('-n, --name <name>', 'its name here; that of the folder where left out')
    .option('--default-branch <name>', 'its default branch; that of HEAD where left out')
    .option('-y, --yes', 'accept what passes its trial, without asking')
    .option('--dry-run', 'show all of it, and leave nothing behind')
    .addHelpText('after', HELP)
    .action((source: string, options: Options, command: Command) => addRepository(context, command, source, options));

async function addRepository(context: Context, command: Command, source: string, options: Options): Promise<void> {
  const from = sourceOf(source);
  const wanted = options.name ?? nameOf(from);
  // Under a name of its own, so that it never takes away one that is there.
  const name = options.dryRun ? `dry-run-${wanted}`.slice(0, 63).replace(/[^a-z0-9]+$/, '') : wanted;
  const { repository, again, warnings } = await importRepository(context, name, from, options.defaultBranch);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.on('SIGINT', interrupt);
  const quiet = wantsJson(command);
  const client = context.client();
  const at = `/api/repositories/${encodeURIComponent(repository.name)}`;
  const meeting = new Meeting({ context, client, at, quiet, signal: interrupted.signal });
  if (!quiet)
    context.out(`${wanted} is ${again ? 'there already' : 'imported'}, default branch ${repository.defaultBranch}`);
  for (const { message } of quiet ? [] : warnings) context.note(plain(`warning: ${message}`));
  try {
    const met = await meet(meeting, options, quiet);
    context.exitCode = options.yes && !isUsable(met.trial) ? EXIT.failed : EXIT.ok;
    if (quiet)
      context.out(
        JSON.stringify(
          {
            ...repository,
            warnings,
            ...met,
            dryRun: options.dryRun ?? false,
            next: nextOf(met, wanted, source, options),
          },
          null,
          2,
        ),
      );
    else for (const line of endLines(met, wanted, source, options)) context.out(line);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    throw new CliError(
      EXIT.interrupted,
      'interrupted',
      options.dryRun
        ? 'Interrupted; nothing is left behind.'
        : `Interrupted. The same command goes on from here: baton repo add ${source}`,
    );
  } finally {
    process.off('SIGINT', interrupt);
    if (options.dryRun) await meeting.remove();
  }
}

async function meet(meeting: Meeting, { yes, dryRun }: Options, quiet: boolean): Promise<Met> {
  const proposal = await meeting.propose();
  const nothing = { proposal, trial: null, configuration: null, leftOut: [], removed: false };
  if (dryRun) return { ...nothing, trial: await meeting.try(proposal.existing ?? proposal.text), removed: true };
  if (yes) return meeting.acceptPassed(proposal);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !quiet;
  return isTerminal ? meeting.ask(proposal) : nothing;
}

/** Whether agents can be judged here: set-up and tests passed, where there are any. */
const isUsable = (trial: Trial | null): boolean =>
  trial?.status === 'done' &&
  trial.phases.every(
    ({ name, status, command }) => status === 'pass' || !['setup', 'tests'].includes(name) || command === null,
  );

function nextOf(
  { trial, proposal, configuration, removed }: Met,
  name: string,
  source: string,
  { dryRun, defaultBranch }: Options,
): string[] {
  const branch = defaultBranch === undefined ? '' : ` --default-branch ${defaultBranch}`;
  if (dryRun) return [`baton repo add ${source}${branch} --yes`];
  if (removed) return [];
  if (trial === null)
    return [`baton repo add ${source} --name ${name} --yes`, `baton repo add ${source} --name ${name} --dry-run`];
  const issue = `baton issue create --repo ${name} --label … --title …`;
  return configuration === null && proposal.existing === null
    ? [`baton repo add ${source} --name ${name}`, issue]
    : [issue];
}

function endLines(met: Met, name: string, source: string, options: Options): string[] {
  const { configuration, leftOut, removed, trial } = met;
  const next = nextOf(met, name, source, options).map((command) => `  ${command}`);
  if (options.dryRun) return ['Nothing is left behind. To add it:', ...next];
  if (removed) return [`${name} is removed again.`];
  const placed = configuration
    ? [`.baton/repository.yaml is committed to ${configuration.branch} (${configuration.commit.slice(0, 10)}).`]
    : trial === null
      ? [`${name} is added without a configuration that was tried.`]
      : [];
  const without = leftOut.length > 0 ? [`Left out, as it did not pass: ${plain(leftOut.join(', '))}.`] : [];
  return [`${name} is added.`, ...placed, ...without, 'Go on with:', ...next];
}
