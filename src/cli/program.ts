import { Command } from 'commander';
import { agentsCommand } from './commands/agents.js';
import { cancelCommand } from './commands/cancel.js';
import { approveCommand, rejectCommand } from './commands/decide.js';
import { doctorCommand } from './commands/doctor.js';
import { issueCommand } from './commands/issue.js';
import { pipelinesCommand } from './commands/pipelines.js';
import { repoCommand } from './commands/repo.js';
import { rerunCommand } from './commands/rerun.js';
import { runCommand } from './commands/run.js';
import { runsCommand } from './commands/runs.js';
import { showCommand } from './commands/show.js';
import { traceCommand } from './commands/trace.js';
import { upCommand } from './commands/up.js';
import { validateCommand } from './commands/validate.js';
import { watchCommand } from './commands/watch.js';
import { workerCommand } from './commands/worker.js';
import type { Context } from './context.js';

const EXIT_CODES = `
Exit codes:
  0  done
  1  the thing itself failed: a run failed, a file is not valid, a request was refused
  2  the command was written wrongly
  3  no Baton answers, or it is not ready
  4  not signed in, or not allowed
  5  not found

It talks to BATON_URL with the key BATON_TOKEN, else to the Baton that runs on
BATON_DATA_DIR (default: ~/.local/share/baton).`;

/** The whole command line. */
export function createProgram(context: Context): Command {
  const program = new Command('baton')
    .description('runs fleets of coding agents as durable pipelines')
    .version('0.1.0')
    .option('--json', 'one JSON document instead of text')
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError();
  const groups: [string, Command[]][] = [
    ['Platform:', [upCommand(context), workerCommand(), doctorCommand(context)]],
    [
      'Runs:',
      [
        runCommand(context),
        runsCommand(context),
        showCommand(context),
        watchCommand(context),
        rerunCommand(context),
        cancelCommand(context),
        traceCommand(context),
      ],
    ],
    ['People:', [approveCommand(context), rejectCommand(context), issueCommand(context)]],
    ['Project:', [repoCommand(context), agentsCommand(context), pipelinesCommand(context), validateCommand(context)]],
  ];
  for (const [group, commands] of groups) for (const command of commands) program.addCommand(command.helpGroup(group));
  return program;
}
