import type { Context } from '../context.js';
import { CliError } from '../exit-code.js';
import { plain } from '../output/style.js';
import { interrupted, type Interruption } from '../terminal/interruption.js';
import { askLine, canAsk } from '../terminal/prompt.js';
import { importRepository, nameOf, sourceOf, type Imported } from './import-repository.js';
import { Meeting, type Met } from './meeting.js';

export interface AddOptions {
  readonly name?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly defaultBranch?: string;
}

interface Adding extends AddOptions {
  readonly context: Context;
  readonly source: string;
  /** Says nothing to people: the result is one document. */
  readonly quiet: boolean;
  readonly interruption: Interruption;
  /** Leaves a repository that has a configuration as it is, without a trial. */
  readonly unlessConfigured?: boolean;
}

export interface Added extends Imported {
  /** The name that it has or, in a dry run, would have. */
  readonly name: string;
  readonly met: Met;
}

/**
 * Imports a repository and sets it up, as far as its options say. After a Ctrl-C the repository is as it was before: a new
 * import is removed.
 */
export async function addRepository(adding: Adding): Promise<Added> {
  const { context, source, quiet, dryRun, interruption } = adding;
  const from = sourceOf(source);
  const wanted = adding.name ?? nameOf(from);
  // Under a name of its own, so that it never takes away one that is there.
  const name = dryRun ? `dry-run-${wanted}`.slice(0, 63).replace(/[^a-z0-9]+$/, '') : wanted;
  const imported = await importWithBranch(adding, name, from);
  const { repository, again, warnings } = imported;
  const at = `/api/repositories/${encodeURIComponent(repository.name)}`;
  const meeting = new Meeting({ context, client: context.client(), at, quiet, interruption });
  if (!quiet) {
    context.out(`${wanted} is ${again ? 'there already' : 'imported'}, default branch ${repository.defaultBranch}`);
    for (const { message } of warnings) context.note(plain(`warning: ${message}`));
  }
  try {
    interruption.throwIfHappened();
    return { ...imported, name: wanted, met: await meet(meeting, adding) };
  } catch (error) {
    if (!interruption.happened) throw error;
    throw await tellInterrupted(wanted, again, dryRun === true, meeting);
  } finally {
    if (dryRun) await meeting.remove();
  }
}

async function tellInterrupted(name: string, again: boolean, isDryRun: boolean, meeting: Meeting): Promise<CliError> {
  if (isDryRun) return interrupted('Interrupted; nothing is left behind.');
  if (again) return interrupted(`Interrupted; ${name} is as it was.`);
  try {
    await meeting.remove();
    return interrupted(`Interrupted; ${name} is removed again, and nothing is left behind.`);
  } catch (error) {
    return interrupted(`Interrupted; ${name} stays imported: ${(error as Error).message}`);
  }
}

/** Asks for the default branch where the source does not tell it and there is a person. */
async function importWithBranch(
  { context, yes, quiet, defaultBranch, interruption }: Adding,
  name: string,
  from: string,
): Promise<Imported> {
  try {
    return await importRepository(context, { name, source: from, defaultBranch, interruption });
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'default-branch-unclear') throw error;
    const named = canAsk() && !yes && !quiet ? await askForBranch(context, error, interruption) : null;
    if (named === null)
      throw new CliError(error.exitCode, error.code, `${error.message} Name it with --default-branch.`);
    return importRepository(context, { name, source: from, defaultBranch: named, interruption });
  }
}

async function askForBranch({ out }: Context, { message }: CliError, interruption: Interruption) {
  out(plain(message));
  const answer = await askLine('Default branch: ', interruption);
  return answer === '' ? null : answer;
}

async function meet(meeting: Meeting, { yes, dryRun, quiet, unlessConfigured }: Adding): Promise<Met> {
  const proposal = await meeting.propose(unlessConfigured);
  const nothing = { proposal, trial: null, configuration: null, leftOut: [], removed: false };
  if (unlessConfigured && proposal.existing !== null) return nothing;
  if (dryRun) return { ...nothing, trial: await meeting.try(proposal.existing ?? proposal.text), removed: true };
  if (yes) return meeting.acceptPassed(proposal);
  return canAsk() && !quiet ? meeting.ask(proposal) : nothing;
}
