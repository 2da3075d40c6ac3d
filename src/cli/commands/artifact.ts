import { Command } from 'commander';
import { downloadArtifact } from '../client/download-artifact.js';
import { listArtifacts, placeOf, type RunArtifact } from '../client/run-artifacts.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { isUuid } from '../is-uuid.js';
import { table } from '../output/table.js';
import { ago } from '../output/time.js';
import { wholeNumber } from '../whole-number.js';

interface GetOptions {
  readonly step?: string;
  readonly attempt?: number;
  readonly output?: string;
  readonly raw?: boolean;
}

export const artifactCommand = (context: Context): Command =>
  new Command('artifact')
    .description('what runs kept: logs, outputs, diffs, reports')
    .addCommand(listCommand(context))
    .addCommand(getCommand(context));

const listCommand = (context: Context): Command =>
  new Command('list')
    .argument('<run>', 'its number, id or workflow id')
    .description('everything that a run kept')
    .option('--step <id>', 'only of this step')
    .action(async (run: string, { step }: { step?: string }, command: Command) => {
      const { items } = await listArtifacts(context.client(), run, { step });
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no artifacts']
          : table(items, [
              { title: 'ID', of: ({ id }) => id },
              { title: 'STEP', of: placeOf, max: 40 },
              { title: 'KIND', of: ({ kind }) => kind },
              { title: 'NAME', of: ({ name }) => name, max: 50 },
              { title: 'BYTES', of: ({ bytes }) => bytes, right: true },
              { title: 'STATE', of: ({ closed }) => (closed ? 'complete' : 'growing') },
              { title: 'MADE', of: ({ createdAt }) => ago(createdAt) },
            ]),
      );
    });

const getCommand = (context: Context): Command =>
  new Command('get')
    .argument('<id>', 'id of an artifact; or a run: its number, id or workflow id')
    .argument('[name]', 'name of an artifact of that run')
    .description('print one artifact, or write it to a file')
    .option('--step <id>', 'of this step, where several have one of that name')
    .option('--attempt <number>', 'of this attempt; left out: the newest', wholeNumber)
    .option('-o, --output <file>', 'write it to a file; - is standard output')
    .option('--raw', 'with the control characters of what agents printed, also on a terminal')
    .action(async (reference: string, name: string | undefined, options: GetOptions) => {
      const client = context.client();
      const id = name === undefined ? requireId(reference) : (await find(context, reference, name, options)).id;
      const { output = '-', raw = !context.isTerminal } = options;
      await downloadArtifact(context, client, { id, file: output === '-' ? null : output, raw });
    });

function requireId(reference: string): string {
  if (isUuid(reference)) return reference;
  throw new CliError(
    EXIT.usage,
    'usage',
    `Name the artifact: \`baton artifact get ${reference} NAME\`; \`baton artifact list ${reference}\` shows them.`,
  );
}

/** The newest of that name, as long as only one step has one. */
async function find(context: Context, run: string, name: string, { step, attempt }: GetOptions): Promise<RunArtifact> {
  const { items } = await listArtifacts(context.client(), run, { step });
  const named = items.filter((of) => of.name === name && (attempt === undefined || of.attempt === attempt));
  const newest = named.at(-1);
  if (!newest) {
    const names = [...new Set(items.map((of) => of.name))];
    const known = names.length === 0 ? 'It has none.' : `It has ${names.slice(0, 20).join(', ')}.`;
    throw new CliError(EXIT.notFound, 'artifact-not-found', `Run ${run} has no artifact ${name} here. ${known}`);
  }
  const places = new Set(named.map((of) => `${of.step ?? ''}/${of.item ?? ''}`));
  if (places.size === 1) return newest;
  const ids = named.map((of) => `${placeOf(of)}: ${of.id}`).slice(0, 20);
  throw new CliError(
    EXIT.usage,
    'artifact-ambiguous',
    `Several steps of run ${run} have an artifact ${name}: choose with --step, or by id: ${ids.join('; ')}.`,
  );
}
