import { Command } from 'commander';
import { awayCommand, backCommand } from './commands/away.js';
import { agentsCommand } from './commands/agents.js';
import { rolesCommand } from './commands/roles.js';
import { artifactCommand } from './commands/artifact.js';
import { approvalsCommand } from './commands/approvals.js';
import { breakersCommand } from './commands/breakers.js';
import { bulkCommand } from './commands/bulk.js';
import { channelsCommand } from './commands/channels.js';
import { approveCommand, discussCommand, rejectCommand } from './commands/decide.js';
import { doctorCommand } from './commands/doctor.js';
import { escalationsCommand } from './commands/escalations.js';
import { findingsCommand } from './commands/findings.js';
import { initCommand } from './commands/init.js';
import { issueCommand } from './commands/issue.js';
import { keysCommand } from './commands/keys.js';
import { logsCommand } from './commands/logs.js';
import { mcpCommand } from './commands/mcp.js';
import { noticesCommand } from './commands/notices.js';
import { peopleCommand } from './commands/people.js';
import { policiesCommand } from './commands/policies.js';
import {
  cancelCommand,
  completeCommand,
  pauseCommand,
  reassignCommand,
  resetCommand,
  resumeCommand,
  riskCommand,
  skipCommand,
} from './commands/overrides.js';
import { pipelinesCommand } from './commands/pipelines.js';
import { prCommand } from './commands/pr.js';
import { answerCommand, questionsCommand } from './commands/questions.js';
import { repoCommand } from './commands/repo.js';
import { regateCommand, resolveCommand } from './commands/unblock.js';
import { rerunCommand } from './commands/rerun.js';
import { runCommand } from './commands/run.js';
import { runsCommand } from './commands/runs.js';
import { showCommand } from './commands/show.js';
import { signInCommand } from './commands/sign-in.js';
import { tasksCommand } from './commands/tasks.js';
import { teamsCommand } from './commands/teams.js';
import { traceCommand } from './commands/trace.js';
import { upCommand } from './commands/up.js';
import { validateCommand } from './commands/validate.js';
import { watchCommand } from './commands/watch.js';
import { workerCommand } from './commands/worker.js';
import type { Context } from './context.js';
import { EXIT, EXIT_MEANINGS } from './exit-code.js';

const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
const EPILOGUE = `
Exit codes:
${names.map((name) => `${String(EXIT[name]).padStart(3)}  ${EXIT_MEANINGS[name]}`).join('\n')}

It talks to BATON_URL with the key BATON_TOKEN, else to the Baton that runs on
BATON_DATA_DIR (default: ~/.local/share/baton).`;

/** The whole command line. */
export function createProgram(context: Context): Command {
  const program = new Command('baton')
    .description('runs fleets of coding agents as durable pipelines')
    .version('0.1.0')
    .option('--json', 'JSON instead of text')
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError();
  const groups: [string, Command[]][] = [
    [
      'Platform:',
      [upCommand(context), initCommand(context), workerCommand(), doctorCommand(context), mcpCommand(context)],
    ],
    [
      'Runs:',
      [
        runCommand(context),
        runsCommand(context),
        showCommand(context),
        findingsCommand(context),
        watchCommand(context),
        logsCommand(context),
        artifactCommand(context),
        rerunCommand(context),
        traceCommand(context),
      ],
    ],
    [
      'Stepping in:',
      [
        pauseCommand(context),
        resumeCommand(context),
        riskCommand(context),
        bulkCommand(context),
        cancelCommand(context),
        skipCommand(context),
        completeCommand(context),
        reassignCommand(context),
        resetCommand(context),
        regateCommand(context),
        resolveCommand(context),
      ],
    ],
    [
      'People:',
      [
        signInCommand(context),
        approvalsCommand(context),
        approveCommand(context),
        rejectCommand(context),
        questionsCommand(context),
        answerCommand(context),
        discussCommand(context),
        awayCommand(context),
        backCommand(context),
        peopleCommand(context),
        teamsCommand(context),
        keysCommand(context),
        issueCommand(context),
        prCommand(context),
      ],
    ],
    [
      'Project:',
      [
        repoCommand(context),
        tasksCommand(context),
        agentsCommand(context),
        breakersCommand(context),
        rolesCommand(context),
        policiesCommand(context),
        pipelinesCommand(context),
        validateCommand(context),
        channelsCommand(context),
        noticesCommand(context),
        escalationsCommand(context),
      ],
    ],
  ];
  for (const [group, commands] of groups) for (const command of commands) program.addCommand(command.helpGroup(group));
  for (const command of everyCommand(program)) command.configureHelp({ showGlobalOptions: true });
  return program;
}

export const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];
