import { Command } from 'commander';
import type { z } from 'zod';
import { repository, repositoryPage } from '../../schema/api/repository.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { plain } from '../output/style.js';
import { table } from '../output/table.js';
import { repoAddCommand } from './repo-add.js';
import { defaultBranchCommand, removeCommand, renameCommand, restoreCommand } from './repo-change.js';
import { pullCommand, pushCommand } from './repo-origin.js';

type Listed = z.output<typeof repository>;

export const repoCommand = (context: Context): Command =>
  new Command('repo')
    .description('repositories')
    .addCommand(repoAddCommand(context))
    .addCommand(show(context))
    .addCommand(renameCommand(context))
    .addCommand(defaultBranchCommand(context))
    .addCommand(pullCommand(context))
    .addCommand(pushCommand(context))
    .addCommand(removeCommand(context))
    .addCommand(restoreCommand(context))
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

const list = (context: Context): Command =>
  new Command('list')
    .description('repositories by name')
    .option('--removed', 'those that are removed and can be brought back')
    .action(async ({ removed }: { readonly removed?: boolean }, command: Command) => {
      const path = `/api/repositories${removed ? '?removed=true' : ''}`;
      const items = await allPages(context.client(), path, repositoryPage);
      say(context, command, { items }, () => {
        if (items.length === 0)
          return [removed ? 'no removed repositories' : 'no repositories; add one with: baton repo add PATH'];
        return table(items, [
          { title: 'NAME', of: (of) => of.name },
          { title: 'BRANCH', of: (of) => of.defaultBranch },
          { title: 'ISSUES', of: (of) => of.openIssues, right: true },
          { title: 'PULL REQUESTS', of: (of) => of.openPullRequests, right: true },
          ...(removed ? [{ title: 'REMOVED', of: (of: Listed) => of.removedAt }] : []),
          { title: removed ? 'FILES' : 'REMOTE', of: (of) => of.remoteUrl },
        ]);
      });
    });
