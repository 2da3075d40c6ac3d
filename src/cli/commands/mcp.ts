import { Command } from 'commander';
import { parseEnvironment } from '../../schema/environment.js';
import type { Door } from '../client/step-tools.js';
import type { Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';

export const mcpCommand = ({ env }: Context): Command =>
  new Command('mcp')
    .description('tools for an agent at its step (Model Context Protocol, on standard input and output)')
    .addHelpText(
      'after',
      '\nBATON_STEP_TOKEN is the token of the step; BATON_API_URL, or BATON_URL, says where Baton is.',
    )
    .action(async () => {
      const door = doorOf(env);
      const { passOn } = await import('../client/step-tools.js');
      await passOn(door);
    });

function doorOf(env: NodeJS.ProcessEnv): Door {
  const { apiUrl, baseUrl } = parseEnvironment(env);
  const url = apiUrl ?? baseUrl;
  const token = env['BATON_STEP_TOKEN'] ?? '';
  if (token !== '' && url !== undefined) return { url: `${url}/api/mcp`, token };
  const missing = token === '' ? 'BATON_STEP_TOKEN to the token of a step' : 'BATON_API_URL to where Baton is';
  throw new CliError(EXIT.notAllowed, 'no-step', `Set ${missing}: this is for an agent that works at one.`);
}
