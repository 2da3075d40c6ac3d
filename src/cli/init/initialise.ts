import { preconditions, type MissingForRuns } from '../../schema/api/missing-for-runs.js';
import { registerTeam, type Registered } from '../commands/program-agent.js';
import type { Context } from '../context.js';
import { isUsable } from '../repo-add/follow-trial.js';
import { addRepository, type Added } from '../repo-add/add-repository.js';
import { nameOf, sourceOf } from '../repo-add/import-repository.js';
import type { Interruption } from '../terminal/interruption.js';
import { askLine, askWithDefault } from '../terminal/prompt.js';
import {
  askForProgram,
  defaultProgram,
  registration,
  requireProgram,
  type Candidate,
  type SignInOptions,
} from './choose-program.js';
import { importedFrom, repositoryHere } from './choose-repository.js';
import { openFirstIssue, type FirstIssue } from './first-issue.js';
import { preflight, type Ready } from './preflight.js';

export interface InitOptions extends SignInOptions {
  readonly name?: string;
  readonly defaultBranch?: string;
  readonly agent?: string;
  readonly title?: string;
  readonly body?: string;
  readonly pipeline: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

interface Initialising {
  readonly context: Context;
  readonly source: string | undefined;
  readonly options: InitOptions;
  /** Whether a person is asked. */
  readonly asks: boolean;
  readonly quiet: boolean;
  readonly interruption: Interruption;
}

/** What there is now. */
export interface Initialised {
  readonly name: string;
  readonly source: string;
  /** Null: it was there with its configuration, or it was a dry run of such a one. */
  readonly added: Added | null;
  readonly program: Candidate;
  readonly team: readonly Registered[];
  readonly issue: FirstIssue | null;
  /** What a run would lack now; of a dry run nothing is known. */
  readonly missing: MissingForRuns;
  /** Whether the repository's set-up and tests pass, as far as they were tried. */
  readonly isUsable: boolean;
  readonly publicUrl: string;
}

/**
 * Makes a repository, a team of agents and a first issue, and uses those that are there. Asks everything that it has to
 * know before it makes anything.
 *
 * @returns null where the person undid the import.
 */
export async function initialise(of: Initialising): Promise<Initialised | null> {
  const { context, options, asks, quiet, interruption } = of;
  const { dryRun = false, pipeline } = options;
  const here = of.source ?? (await repositoryHere());
  const ready = await preflight(context, { ...options, source: here, asks });
  const { source, program, title } = await decide(of, ready, here);
  const { client } = ready;

  const known = await importedFrom(client, source);
  const name = known?.name ?? options.name ?? nameOf(sourceOf(source));
  const added =
    known && dryRun
      ? null
      : await addRepository({ ...options, name, context, source, quiet, interruption, unlessConfigured: true });
  if (added?.met.removed && !dryRun) return null;

  interruption.throwIfHappened();
  const team = await registerTeam(context, program.program, { ...registration(program, options), dryRun }, 'keep');
  const issue = title === null ? null : await firstIssue(of, ready, name, title);
  const at = `/api/repositories/${encodeURIComponent(name)}/preconditions?pipeline=${encodeURIComponent(pipeline)}`;
  const missing = dryRun ? [] : (await client.get(at, preconditions)).items;
  const trial = added?.met.trial ?? null;
  const { publicUrl } = client;
  return { name, source, added, program, team, issue, missing, isUsable: trial === null || isUsable(trial), publicUrl };
}

interface Decided {
  readonly source: string;
  readonly program: Candidate;
  /** Of the first issue; null: none. */
  readonly title: string | null;
}

async function decide(
  { context, options, asks, interruption }: Initialising,
  { candidates }: Ready,
  here: string | null,
): Promise<Decided> {
  const preset = requireProgram(defaultProgram(candidates, options.agent));
  const title = options.title ?? null;
  if (!asks) return { source: here ?? '', program: preset, title };
  const source = await askForSource(context, here, interruption);
  const program = options.agent === undefined ? await askForProgram(context, candidates, preset, interruption) : preset;
  const question = 'Title of a first issue, such as "Add a --version flag" (empty: none): ';
  const answer = title ?? (await askLine(question, interruption));
  return { source, program, title: answer === '' ? null : answer };
}

async function askForSource({ out }: Context, here: string | null, interruption: Interruption): Promise<string> {
  for (;;) {
    const answer =
      here === null
        ? await askLine('Repository, as a path or URL: ', interruption)
        : await askWithDefault('Repository, as a path or URL', here, interruption);
    // The end of the input is no answer, and there will be none.
    if (answer === null) interruption.interrupt();
    interruption.throwIfHappened();
    if (answer === null || answer === '') continue;
    try {
      return sourceOf(answer);
    } catch (error) {
      out((error as Error).message);
    }
  }
}

const firstIssue = (
  { options: { body = '', dryRun } }: Initialising,
  { client }: Ready,
  repository: string,
  title: string,
): Promise<FirstIssue> | FirstIssue =>
  dryRun ? { number: null, title, again: false } : openFirstIssue(client, repository, { title, body });
