import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { repository, repositoryPage } from '../../schema/api/repository.js';
import { allPages } from '../client/all-pages.js';
import { persist } from '../client/persist.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';
import { duration } from '../output/time.js';

/** As long as the server gives an import. */
const IMPORT_MS = 30 * 60_000;
const SAY_EVERY_MS = 10_000;

export const repoCommand = (context: Context): Command =>
  new Command('repo').description('repositories').addCommand(add(context)).addCommand(list(context));

const add = (context: Context): Command =>
  new Command('add')
    .argument('<path-or-url>', 'a folder on the machine of the server, or a URL')
    .description('import a repository; yours is never written to')
    .option('-n, --name <name>', 'its name here; that of the folder where left out')
    .action(async (source: string, { name }: { name?: string }, command: Command) => {
      const from = sourceOf(source);
      const added = await importing(context, from, { name: name ?? nameOf(from), source: from });
      say(context, command, added, () => [
        `${added.name} is added, default branch ${added.defaultBranch}; give it work with: baton issue create --repo ${added.name} --label … --title …`,
      ]);
    });

/** A large one takes minutes: the request is held on to by its key, and whoever waits is told so. */
async function importing(context: Context, from: string, body: object) {
  const client = context.client();
  const sent = { body, idempotencyKey: randomUUID() };
  const startedAt = new Date().toISOString();
  const progress = setInterval(
    () => context.note(`importing ${from} for ${duration(startedAt, null)} …`),
    SAY_EVERY_MS,
  );
  try {
    return await persist(() => client.post('/api/repositories', repository, sent), {
      codes: ['timeout', 'request-in-flight'],
      patienceMs: IMPORT_MS,
    });
  } finally {
    clearInterval(progress);
  }
}

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

function sourceOf(source: string): string {
  if (/^[a-z]+:\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source)) return source;
  const path = resolve(source);
  if (!existsSync(path)) throw new CliError(EXIT.usage, 'no-such-folder', `There is no folder ${path}.`);
  return path;
}

/** A folder's name as the name of a repository. */
function nameOf(source: string): string {
  const name = basename(source.replace(/\/+$/, ''), '.git')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  if (name === '') throw new CliError(EXIT.usage, 'no-name', `Give a name with --name: ${source} has none to take.`);
  return name;
}
