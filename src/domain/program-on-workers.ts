import type { WorkerReport } from './preconditions.js';

/** Whether the workers can run a program that people write code with. */
export interface ProgramOnWorkers {
  /** Its command, as the PATH finds it. */
  readonly command: string;
  readonly isInstalled: boolean;
  /** How it is signed in where it is installed; null: it is not. */
  readonly signIn: 'key' | 'login' | null;
  /** What to do before an agent of it can work; null: nothing. */
  readonly fix: string | null;
}

type Program = WorkerReport['programs'][number];

/** What the workers have of a program, by its adapter's name: of the worker that has most of it. Null: none has reported. */
export function programOnWorkers(name: string, workers: readonly WorkerReport[]): ProgramOnWorkers | null {
  const found = workers.flatMap(({ programs, variables }) =>
    programs.filter((program) => program.name === name).map((program) => judge(program, variables)),
  );
  return found.find(({ fix }) => fix === null) ?? found.find(({ isInstalled }) => isInstalled) ?? found[0] ?? null;
}

function judge(program: Program, variables: readonly string[]): ProgramOnWorkers {
  const { command, install, isInstalled, keys, loginFault } = program;
  const missing = keys.filter((key) => !variables.includes(key));
  if (!isInstalled)
    return {
      command,
      isInstalled,
      signIn: null,
      fix: `Install it with \`${install}\` and restart the worker`,
    };
  if (missing.length === 0) return { command, isInstalled, signIn: 'key', fix: null };
  if (loginFault === null) return { command, isInstalled, signIn: 'login', fix: null };
  const key = `Set ${missing.join(' and ')} in the environment of the worker and restart it`;
  return {
    command,
    isInstalled,
    signIn: null,
    fix: `${key}. Or sign in with a login: ${loginFault.replace(/\.$/, '')}`,
  };
}
