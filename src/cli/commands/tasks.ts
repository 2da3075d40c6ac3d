import { Command } from 'commander';
import { task, taskPage } from '../../schema/api/task.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { countLine } from '../output/progress.js';
import { table } from '../output/table.js';

export const tasksCommand = (context: Context): Command =>
  new Command('tasks')
    .description('what was asked for, and what waits for what')
    .action((_options: unknown, command: Command) => list(context, command))
    .addCommand(block(context))
    .addCommand(unblock(context));

async function list(context: Context, command: Command): Promise<void> {
  const items = await allPages(context.client(), '/api/tasks', taskPage);
  const names = new Map(items.map((one) => [one.id, nameOf(one)]));
  say(context, command, { items }, () =>
    items.length === 0
      ? ['no tasks; open an issue with: baton issue create']
      : table(items, [
          { title: 'TASK', of: nameOf },
          { title: 'STATUS', of: (of) => of.status, paint: context.style.status },
          { title: 'PRIORITY', of: (of) => of.priority },
          { title: 'WAITS FOR', of: (of) => of.blockedBy.map((id) => names.get(id) ?? id).join(', ') || null, max: 40 },
          { title: 'TITLE', of: (of) => of.title, max: 60 },
          { title: 'STEPS', of: ({ progress }) => progress && countLine(progress.steps), right: true },
          {
            title: 'DONE',
            of: ({ progress }) => (progress?.checklist ? countLine(progress.checklist) : null),
            right: true,
          },
        ]),
  );
}

const nameOf = ({ id, repository, issue }: { id: string; repository: string; issue: number | null }): string =>
  issue === null ? id : `${repository}#${issue}`;

const block = (context: Context): Command =>
  new Command('block')
    .argument('<task>', 'such as my-library#3, or its id')
    .argument('<blocker...>', 'what it waits for, such as my-library#2')
    .description('have a task that has not begun wait for others')
    .action(async (name: string, blockers: string[], _options: unknown, command: Command) => {
      const id = await idOf(context, name);
      const blocked = await context.client().post(`/api/tasks/${id}/blockers`, task, { body: { blockers } });
      say(context, command, blocked, () => [`${nameOf(blocked)} is ${context.style.status(blocked.status)}`]);
    });

const unblock = (context: Context): Command =>
  new Command('unblock')
    .argument('<task>', 'such as my-library#3, or its id')
    .argument('[blocker...]', 'what it is to wait for no longer; everything where left out')
    .description('let a task go on by hand')
    .action(async (name: string, blockers: string[], _options: unknown, command: Command) => {
      const client = context.client();
      const id = await idOf(context, name);
      let changed = await client.get(`/api/tasks/${id}`, task);
      const ids = await Promise.all(blockers.map((blocker) => idOf(context, blocker)));
      for (const blocker of ids.length > 0 ? ids : changed.blockedBy)
        changed = await client.delete(`/api/tasks/${id}/blockers/${blocker}`, task);
      say(context, command, changed, () => [`${nameOf(changed)} is ${context.style.status(changed.status)}`]);
    });

/** A task as people name it, by its issue: the newest one of it. */
async function idOf(context: Context, name: string): Promise<string> {
  const [, repository, issue] = /^([^#]+)#(\d+)$/.exec(name) ?? [];
  if (repository === undefined) return encodeURIComponent(name);
  const items = await allPages(context.client(), `/api/tasks?repository=${encodeURIComponent(repository)}`, taskPage);
  const found = items.find((one) => one.issue === Number(issue));
  if (found) return found.id;
  throw new CliError(EXIT.failed, 'task-not-found', `${name} has no task; baton tasks lists them.`);
}
