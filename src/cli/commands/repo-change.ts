import { Command } from 'commander';
import { changedDefaultBranch, removedRepository, renamedRepository } from '../../schema/api/repository-change.js';
import { repository } from '../../schema/api/repository.js';
import { say, wantsJson, type Context } from '../context.js';
import { plain } from '../output/style.js';

const at = (name: string): string => `/api/repositories/${encodeURIComponent(name)}`;

export const renameCommand = (context: Context): Command =>
  new Command('rename')
    .argument('<name>', 'its name')
    .argument('<new-name>')
    .description('rename a repository; runs go on, and its remote URL stays as it is')
    .action(async (name: string, to: string, _options: unknown, command: Command) => {
      const renamed = await context.client().post(`${at(name)}/rename`, renamedRepository, { body: { name: to } });
      warn(context, command, renamed.warnings);
      say(context, command, renamed, () => [
        `${name} is ${renamed.name} now; its remote URL stays ${renamed.remoteUrl}`,
      ]);
    });

export const defaultBranchCommand = (context: Context): Command =>
  new Command('set-default-branch')
    .argument('<name>', 'its name')
    .argument('<branch>', "a branch of Baton's import")
    .description(
      'work on another default branch from the next run on; it is protected, and the old one stays protected',
    )
    .action(async (name: string, branch: string, _options: unknown, command: Command) => {
      const changed = await context
        .client()
        .post(`${at(name)}/default-branch`, changedDefaultBranch, { body: { branch } });
      warn(
        context,
        command,
        changed.warnings.map(({ message }) => message),
      );
      say(context, command, changed, () => [`the default branch of ${name} is ${changed.defaultBranch}`]);
    });

export const removeCommand = (context: Context): Command =>
  new Command('remove')
    .argument('<name>', 'its name')
    .option('--purge', 'delete the files at once, also those of one that was removed before')
    .description('remove a repository while no run of it is unfinished; its files are kept for 30 days')
    .action(async (name: string, { purge }: { readonly purge?: boolean }, command: Command) => {
      const removed = await context.client().delete(`${at(name)}${purge ? '?purge=true' : ''}`, removedRepository);
      say(context, command, removed, () =>
        removed.files === null
          ? [`${name} is removed, its files are deleted`]
          : [
              `${name} is removed. Its files are kept until ${removed.keptUntil?.slice(0, 10)} at least: ${removed.files}`,
              `bring it back with: baton repo restore ${name}`,
            ],
      );
    });

export const restoreCommand = (context: Context): Command =>
  new Command('restore')
    .argument('<name>', 'its name')
    .description('bring back the last removed repository of a name, with its issues, pull requests and runs')
    .action(async (name: string, _options: unknown, command: Command) => {
      const restored = await context.client().post(`${at(name)}/restore`, repository);
      say(context, command, restored, () => [`${name} is back; its remote URL is ${restored.remoteUrl}`]);
    });

/** What people should know, on standard error; a program reads it in the document. */
export function warn(context: Context, command: Command, warnings: readonly string[]): void {
  for (const warning of wantsJson(command) ? [] : warnings) context.note(plain(`warning: ${warning}`));
}
