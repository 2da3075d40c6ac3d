import { readFile } from 'node:fs/promises';
import { Command, Argument } from 'commander';
import { changedPipeline, pipelinePage, savedPipeline } from '../../schema/api/pipeline.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';

export const pipelinesCommand = (context: Context): Command =>
  new Command('pipelines')
    .description('pipelines of the project')
    .action((_options: unknown, command: Command) => list(context, command))
    .addCommand(add(context))
    .addCommand(state(context))
    .addCommand(shortState(context, 'pause', 'draft', 'no event and no schedule starts it until it is resumed'))
    .addCommand(shortState(context, 'resume', 'active', 'let it start runs again'));

async function list(context: Context, command: Command): Promise<void> {
  const items = await allPages(context.client(), '/api/pipelines', pipelinePage);
  say(context, command, { items }, () =>
    items.length === 0
      ? ['no pipelines; add one with: baton pipelines add FILE --activate']
      : table(items, [
          { title: 'NAME', of: (of) => of.name },
          { title: 'STATE', of: (of) => of.state, paint: context.style.status },
          { title: 'VERSION', of: (of) => of.version, right: true },
          { title: 'NEXT', of: (of) => nextOf(of.schedules) },
          { title: 'STEPS', of: (of) => of.steps, right: true },
          { title: 'NOT THERE YET', of: (of) => of.unavailable.join(', ') || null, max: 40 },
          { title: 'DESCRIPTION', of: (of) => of.description, max: 80 },
        ]),
  );
}

const add = (context: Context): Command =>
  new Command('add')
    .argument('<file>', 'a pipeline in YAML')
    .description('keep a new version of a pipeline')
    .option('--activate', 'let it start runs at once')
    .action(async (file: string, { activate }: { activate?: boolean }, command: Command) => {
      const source = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new CliError(EXIT.usage, 'file-unreadable', `${file} cannot be read: ${(error as Error).message}.`);
      });
      const saved = await context
        .client()
        .post('/api/pipelines', savedPipeline, { body: { source, file, activate: activate === true } });
      say(context, command, saved, () => [
        ...saved.warnings.map(
          ({ line, column, message }) => `${file}:${line}:${column} ${context.style.status('warning')} ${message}`,
        ),
        `${saved.name} version ${saved.version} is kept, ${context.style.status(saved.state)}`,
      ]);
    });

const state = (context: Context): Command =>
  new Command('state')
    .argument('<pipeline>')
    .addArgument(new Argument('<state>').choices(['active', 'draft', 'archived']))
    .description('only active pipelines start runs')
    .action((name: string, wanted: string, _options: unknown, command: Command) =>
      change(context, command, name, wanted),
    );

const shortState = (context: Context, word: string, wanted: 'active' | 'draft', says: string): Command =>
  new Command(word)
    .argument('<pipeline>')
    .description(says)
    .action((name: string, _options: unknown, command: Command) => change(context, command, name, wanted));

async function change(context: Context, command: Command, name: string, wanted: string): Promise<void> {
  const changed = await context
    .client()
    .post(`/api/pipelines/${encodeURIComponent(name)}/state`, changedPipeline, { body: { state: wanted } });
  say(context, command, changed, () => [`${changed.name} is ${context.style.status(changed.state)}`]);
}

/** When the first of its schedules comes next, as people read it. */
const nextOf = (schedules: readonly { readonly nextAt: string | null }[]): string | null =>
  schedules
    .flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]))
    .sort()[0]
    ?.replace(/^(.{10})T(.{5}).*/, '$1 $2 UTC') ?? null;
