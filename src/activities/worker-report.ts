import type { CodingProgram } from '../agents/coding/coding-program.js';
import { CODING_PROGRAMS } from '../agents/coding-programs.js';
import type { WorkerReport } from '../domain/preconditions.js';
import { findProgram } from '../sandbox/find-program.js';
import { secretVariable } from '../schema/agent-entry.js';

function loginFaultOf(login: CodingProgram['login'], environment: NodeJS.ProcessEnv): string | null {
  const found = login?.find(environment);
  if (found === undefined) return 'Use a key: Baton cannot sign this program in with a login';
  return typeof found === 'string' ? found : null;
}

/** What this worker has for agents: programs on its PATH, and the names of the key variables that are set. */
export const workerReport = (environment: NodeJS.ProcessEnv): WorkerReport => ({
  programs: CODING_PROGRAMS.map(({ name, title, command, install, keys, login }) => ({
    name,
    title,
    command,
    install,
    isInstalled: findProgram(command, environment['PATH'] ?? '') !== null,
    keys,
    loginFault: loginFaultOf(login, environment),
  })),
  variables: Object.keys(environment)
    .filter((name) => (environment[name] ?? '') !== '' && secretVariable.safeParse(name).success)
    .sort(),
});
