import { Command } from 'commander';
import type { z } from 'zod';
import { readAgentFile } from '../../local/agent-file.js';
import { builtInAgentFile, shippedAgents } from '../../local/built-in-agents.js';
import { savedAgent } from '../../schema/api/agent.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { collectNames } from '../writing.js';
import type { ProgramOptions } from './program-agent.js';

interface Options extends ProgramOptions {
  readonly builtIn?: string;
  readonly team?: boolean;
  readonly dryRun?: boolean;
}

export const addAgentsCommand = (context: Context): Command =>
  new Command('add')
    .argument('[what]', 'a program such as claude, or a YAML file of an agent or a list of them')
    .option('--built-in <name>', 'an agent that comes with Baton')
    .description('register agents, or bring known ones up to date')
    .optionsGroup('Of a program:')
    .option('-n, --name <name>', "the agent's name; left out: the program's")
    .option('--team', 'one agent for each role that the shipped pipelines ask for, such as claude-developer')
    .option('-r, --role <name>', 'a role that it holds, developer where left out; may be repeated', collectNames)
    .option('-m, --model <model>', "left out: the program's own")
    .option('--base-url <url>', 'where its model answers; left out: at its provider')
    .option('-k, --key <variable>', "of the worker's environment, with its key; may be repeated", collectNames)
    .option('--login', 'sign in with a login that the worker has, in place of a key')
    .option('--host <host:port>', 'what else it may reach; may be repeated', collectNames)
    .option(
      '--ask-for <kind>',
      'command, edit, fetch or other: what it asks people first; may be repeated',
      collectNames,
    )
    .option('--program <path>', "where it lies on the worker's host; left out: on the worker's PATH")
    .option('-p, --project <name>', 'where there are several')
    .option('--dry-run', 'only show what would be registered')
    .action(async (what: string | undefined, { builtIn, team, ...options }: Options, command: Command) => {
      const { findKnownProgram, addProgramAgent, addTeam, refuseOptions } = await import('./program-agent.js');
      const program = builtIn === undefined ? findKnownProgram(what) : null;
      if (program) return (team ? addTeam : addProgramAgent)(context, command, program, options);
      refuseOptions(team ? { ...options, team } : options);
      const agents = await readAgents(fileOf(what, builtIn));
      const saved: z.infer<typeof savedAgent>[] = [];
      for (const body of agents) saved.push(await context.client().post('/api/agents', savedAgent, { body }));
      say(context, command, { items: saved }, () => saved.map(({ name }) => `${name} is registered`));
    });

function fileOf(file: string | undefined, builtIn: string | undefined): string {
  const shipped = shippedAgents();
  if (builtIn !== undefined && !shipped.includes(builtIn))
    throw new CliError(
      EXIT.usage,
      'no-such-agent',
      `No agent ${builtIn} comes with Baton; there is ${shipped.join(', ')}.`,
    );
  if ((file === undefined) === (builtIn === undefined))
    throw new CliError(EXIT.usage, 'file-missing', 'Name a program, a file, or an agent with --built-in.');
  return file ?? builtInAgentFile(builtIn!);
}

async function readAgents(file: string): Promise<Record<string, unknown>[]> {
  try {
    return await readAgentFile(file);
  } catch (error) {
    throw new CliError(
      EXIT.usage,
      'file-unreadable',
      `${file} cannot be read: ${(error as Error).message.split('\n')[0]}.`,
    );
  }
}
