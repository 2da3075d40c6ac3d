import type { z } from 'zod';
import { knownPrograms, programsHere, type KnownProgram } from '../../local/coding-programs.js';
import { TEAM } from '../../local/team.js';
import { agentPrograms } from '../../schema/api/agent.js';
import type { ApiClient } from '../client/api-client.js';
import { findKnownProgram, memberName, type ProgramOptions } from '../commands/program-agent.js';
import type { Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';
import type { Interruption } from '../terminal/interruption.js';
import { askWithDefault } from '../terminal/prompt.js';

type OnWorkers = NonNullable<z.output<typeof agentPrograms>['items'][number]['onWorkers']>;

/** A program that people write code with, and whether agents of it can work. */
export interface Candidate {
  readonly program: KnownProgram;
  readonly isInstalled: boolean;
  readonly signIn: OnWorkers['signIn'];
  /** What to do before an agent of it can work; null: nothing. */
  readonly fix: string | null;
  /** Whether a team of it is registered. */
  readonly hasTeam: boolean;
}

/** How a user says that its agents are signed in and reach their model. */
export type SignInOptions = Pick<ProgramOptions, 'model' | 'baseUrl' | 'key' | 'login' | 'project'>;

/** The programs as the workers report them; null: no worker has reported. */
export async function programsOnWorkers(client: ApiClient, options: SignInOptions): Promise<Candidate[] | null> {
  const { items } = await client.get('/api/agent-programs', agentPrograms);
  if (items.every(({ onWorkers }) => onWorkers === null)) return null;
  return knownPrograms().flatMap((program): Candidate[] => {
    const found = items.find(({ name }) => name === program.name);
    if (!found?.onWorkers) return [];
    const { isInstalled, signIn, fix } = found.onWorkers;
    const hasTeam = TEAM.every((of) => found.agents.some(({ name }) => name === memberName(program, of)));
    // A key of another name, and a model of one's own, are the user's word.
    const isToldHow = isInstalled && (options.key !== undefined || options.baseUrl !== undefined);
    return [{ program, isInstalled, signIn, fix: isToldHow ? null : fix, hasTeam }];
  });
}

/** The programs of this machine, where no server runs that knows those of its workers. */
export async function programsOnPath(env: NodeJS.ProcessEnv): Promise<Candidate[]> {
  return (await programsHere(env)).map(({ found, lacks, login, hasLogin, ...program }) => {
    const key = `Set ${lacks.join(' and ')} in the environment that Baton is started in`;
    const isInstalled = found !== null;
    const signIn = !isInstalled ? null : lacks.length === 0 ? 'key' : hasLogin ? 'login' : null;
    const fix = !isInstalled
      ? `Install it with \`${program.install}\``
      : signIn === null
        ? `${key}${login ? `. Or sign in with a login: ${login.how}` : ''}`
        : null;
    return { program: { ...program, ...(login && { login }) }, isInstalled, signIn, fix, hasTeam: false };
  });
}

/** The one that is named, else one that has a team, else the first that is ready. */
export function defaultProgram(candidates: readonly Candidate[], wanted: string | undefined): Candidate | null {
  if (wanted !== undefined) {
    const program = findKnownProgram(wanted);
    return candidates.find((one) => one.program.name === program?.name) ?? null;
  }
  const ready = candidates.filter(({ fix }) => fix === null);
  return ready.find(({ hasTeam }) => hasTeam) ?? ready[0] ?? null;
}

/** Why no agent can work, with the command that fixes it; null: one can. */
export function missingProgram(candidates: readonly Candidate[], wanted: string | undefined): string | null {
  const chosen = defaultProgram(candidates, wanted);
  if (chosen?.fix === null) return null;
  if (chosen) return `${chosen.program.title} is not ready. ${chosen.fix}.`;
  const installed = candidates.filter(({ isInstalled }) => isInstalled);
  if (installed.length > 0)
    return `No coding program is signed in. ${installed.map(({ program, fix }) => `${program.title}: ${fix}`).join('. ')}.`;
  const [{ title, install }] = candidates.map(({ program }) => program) as [KnownProgram];
  return `No coding program is installed where the worker runs. Install one, for example ${title}: \`${install}\`.`;
}

/** Shows which programs there are, and asks for one of those that are ready. */
export async function askForProgram(
  { out, style }: Context,
  candidates: readonly Candidate[],
  preset: Candidate,
  interruption: Interruption,
): Promise<Candidate> {
  out(style.bold('Coding programs'));
  for (const line of table(candidates, [
    { title: 'NAME', of: ({ program }) => program.name },
    { title: 'PROGRAM', of: ({ program }) => program.title },
    { title: 'STATE', of: stateOf },
  ]))
    out(`  ${line}`);
  for (;;) {
    const answer = await askWithDefault('Which one do the agents use?', preset.program.name, interruption);
    const chosen = candidates.find(({ program }) => program.name === answer || program.command === answer);
    if (chosen?.fix === null) return chosen;
    out(chosen ? `${chosen.program.title} is not ready. ${chosen.fix}.` : `Baton knows no program ${answer}.`);
  }
}

/** How the agents of a program are registered: with a login where that is what the workers have. */
export const registration = ({ signIn }: Candidate, options: SignInOptions): ProgramOptions => ({
  ...options,
  ...(signIn === 'login' && options.key === undefined && options.baseUrl === undefined && { login: true }),
});

/** @throws CliError where nothing that was named can be used. */
export function requireProgram(candidate: Candidate | null): Candidate {
  if (candidate) return candidate;
  throw new CliError(EXIT.failed, 'no-program', 'No coding program is ready.');
}

const stateOf = ({ fix, signIn }: Candidate): string => fix ?? (signIn === null ? 'ready' : `ready, by its ${signIn}`);
