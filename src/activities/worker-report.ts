import { CODING_PROGRAMS } from '../agents/coding-programs.js';
import type { WorkerReport } from '../domain/preconditions.js';
import { findProgram } from '../sandbox/find-program.js';
import { secretVariable } from '../schema/agent-entry.js';

/** What this worker has for agents: programs on its PATH, and the names of the key variables that are set. */
export const workerReport = (environment: NodeJS.ProcessEnv): WorkerReport => ({
  programs: CODING_PROGRAMS.map(({ name, title, command, install, keys }) => ({
    name,
    title,
    command,
    install,
    isInstalled: findProgram(command, environment['PATH'] ?? '') !== null,
    keys,
  })),
  variables: Object.keys(environment)
    .filter((name) => (environment[name] ?? '') !== '' && secretVariable.safeParse(name).success)
    .sort(),
});
