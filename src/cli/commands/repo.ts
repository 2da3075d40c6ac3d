import { Command } from 'commander';
import { removedRepository } from '../../schema/api/repository-proposal.js';
import { repository, repositoryPage } from '../../schema/api/repository.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { plain } from '../output/style.js';
import { table } from '../output/table.js';
import { repoAddCommand } from './repo-add.js';

export const repoCommand = (context: Context): Command =>
  new Command('repo')
    .description('repositories')
    .addCommand(repoAddCommand(context))
    .addCommand(show(context))
    .addCommand(remove(context))
    .addCommand(list(context));

const show = (context: Context): Command =>
  new Command('show')
    .argument('<name>', 'its name')
    .description('one repository: the URL for git clone and git fetch, its branches, where it was imported from')
    .action(async (name: string, _options: unknown, command: Command) => {
      const shown = await context.client().get(`/api/repositories/${encodeURIComponent(name)}`, repository);
      say(context, command, shown, () =>
        [
          shown.name,
          `  project             ${shown.project}`,
          `  remote URL          ${shown.remoteUrl}`,
          `  imported from       ${shown.source ?? 'nowhere: it was made empty'}`,
          `  default branch      ${shown.defaultBranch}`,
          `  protected branches  ${shown.protectedBranches.join(', ')}`,
          `  open issues         ${shown.openIssues}`,
          `  open pull requests  ${shown.openPullRequests}`,
          '',
          'Clone it with:',
          `  git clone ${shown.remoteUrl}`,
        ].map(plain),
      );
    });

const remove = (context: Context): Command =>
  new Command('remove')
    .argument('<name>', 'its name')
    .description(
      "remove a repository and Baton's import of it; refused while issues, pull requests or runs refer to it",
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const at = `/api/repositories/${encodeURIComponent(name)}`;
      const removed = await context.client().delete(at, removedRepository);
      say(context, command, removed, () => [`${removed.name} is removed`]);
    });

const list = (context: Context): Command =>
  new Command('list').description('repositories by name').action(async (_options: unknown, command: Command) => {
    const items = await allPages(context.client(), '/api/repositories', repositoryPage);
    say(context, command, { items }, () =>
      items.length === 0
        ? ['no repositories; add one with: baton repo add PATH']
        : table(items, [
            { title: 'NAME', of: (of) => of.name },
            { title: 'BRANCH', of: (of) => of.defaultBranch },
            { title: 'ISSUES', of: (of) => of.openIssues, right: true },
            { title: 'PULL REQUESTS', of: (of) => of.openPullRequests, right: true },
            { title: 'REMOTE', of: (of) => of.remoteUrl },
          ]),
    );
  });
