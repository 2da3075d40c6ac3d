import { Command } from 'commander';
import type { z } from 'zod';
import { agent, agentPage, resumedAgent } from '../../schema/api/agent.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { table } from '../output/table.js';
import { inProject } from '../writing.js';
import { addAgentsCommand } from './add-agents.js';

export const agentsCommand = (context: Context): Command =>
  new Command('agents')
    .description('agents: what they can do, what they do')
    .action(async (_options: unknown, command: Command) => {
      const items = await allPages(context.client(), '/api/agents', agentPage);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no agents']
          : table(items, [
              { title: 'NAME', of: (agent) => agent.name },
              { title: 'TYPE', of: (agent) => `${agent.type} (${agent.adapter})` },
              { title: 'STATUS', of: (agent) => agent.status, paint: context.style.status },
              { title: 'ROLES', of: (agent) => agent.roles.join(', ') },
              { title: 'ATTEMPTS', of: ({ attempts }) => `${attempts.succeeded}/${attempts.total}`, right: true },
              {
                title: 'CAN',
                of: ({ capabilities }) => capabilities.map(({ name }) => name).join(', ') || 'anything',
                max: 60,
              },
            ]),
      );
    })
    .addCommand(show(context))
    .addCommand(addAgentsCommand(context))
    .addCommand(resume(context));

const show = (context: Context): Command =>
  new Command('show')
    .argument('<name>', 'an agent')
    .option('-p, --project <name>', 'where there are several')
    .description('one agent: what it is, and what it may do')
    .action(async (name: string, { project }: { project?: string }, command: Command) => {
      const path = `/api/agents/${encodeURIComponent(name)}`;
      const found = await context.client().get(inProject(path, project), agent);
      say(context, command, found, () => [
        `${found.name}: ${found.type} (${found.adapter}), ${found.status}${found.description === '' ? '' : `. ${found.description}`}`,
        `roles: ${listed(found.roles)}`,
        `can: ${found.capabilities.map((capability) => capability.name).join(', ') || 'anything'}`,
        ...permissionLines(found.permissions),
      ]);
    });

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

function permissionLines({ repositories, may, files, limits }: z.infer<typeof agent>['permissions']): string[] {
  const flags = Object.entries(may);
  const names = (is: boolean) => listed(flags.flatMap(([flag, value]) => (value === is ? [flag] : [])));
  return [
    `repositories: ${listed(repositories.allowed)}; denied: ${listed(repositories.denied)}`,
    `may: ${names(true)}; may not: ${names(false)}`,
    `never changes: ${listed(files.never)}`,
    `needs approval for: ${listed(files.approval)}`,
    `tokens a task: ${limits.tokensPerTask ?? 'no limit'}; files a commit: ${limits.filesPerCommit ?? 'no limit'}`,
  ];
}

const resume = (context: Context): Command =>
  new Command('resume')
    .argument('<name>', 'a paused agent')
    .description('let it have new steps again')
    .action(async (name: string, _options: unknown, command: Command) => {
      const path = `/api/agents/${encodeURIComponent(name)}/resume`;
      const resumed = await context.client().post(path, resumedAgent, { body: {} });
      say(context, command, resumed, () => [`${name} gets new steps again`]);
    });
