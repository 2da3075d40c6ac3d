import { randomUUID } from 'node:crypto';
import { Argument, Command } from 'commander';
import type { z } from 'zod';
import { bulkPreview, bulkResult, MAX_BULK } from '../../schema/api/bulk.js';
import { persist } from '../client/persist.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';
import { wholeNumber } from '../whole-number.js';

type Preview = z.output<typeof bulkPreview>;
type Result = z.output<typeof bulkResult>;

interface Options {
  readonly reason?: string;
  readonly status?: string;
  readonly repo?: string;
  readonly pipeline?: string;
  readonly issue?: number;
  readonly search?: string;
  readonly yes?: boolean;
}

const PATIENCE_MS = 60_000;

export const bulkCommand = (context: Context): Command =>
  new Command('bulk')
    .addArgument(new Argument('<action>', 'what is done to each').choices(['pause', 'resume', 'cancel', 'rerun']))
    .description('do the same to many runs: shows which, and does it with --yes')
    .option('-m, --reason <text>', 'why; it is kept with each of them, and needed with --yes')
    .option('-s, --status <list>', 'default: those that are open; for rerun: failed and cancelled')
    .option('-r, --repo <name>')
    .option('-p, --pipeline <name>')
    .option('-i, --issue <number>', 'of that issue', wholeNumber)
    .option('-q, --search <words>')
    .option('-y, --yes', 'do it to those that are shown, and to no others')
    .action(async (action: string, options: Options, command: Command) => {
      const { reason, status, repo, pipeline, issue, search, yes } = options;
      if (yes === true && reason === undefined)
        throw new CliError(EXIT.usage, 'reason-missing', 'Say why, with --reason: it is kept with each run.');
      const filter = Object.entries({ action, status, repository: repo, pipeline, issue, q: search }).flatMap(
        ([key, value]) => (value === undefined ? [] : [[key, String(value)] as [string, string]]),
      );
      const client = context.client();
      const preview = await client.get(`/api/bulk?${new URLSearchParams(filter).toString()}`, bulkPreview);
      const touched = preview.runs.filter(({ refusal }) => refusal === null);
      if (yes !== true || touched.length === 0) {
        say(context, command, preview, () => previewLines(context, preview, touched.length));
        return;
      }
      const sent = { body: { action, reason, runs: touched.map(({ id }) => id) }, idempotencyKey: randomUUID() };
      const result = await persist(() => client.post('/api/bulk', bulkResult, sent), {
        codes: ['decision-unknown', 'request-in-flight'],
        patienceMs: PATIENCE_MS,
        onWait: () => context.note('not all have answered yet: is a worker running? trying again …'),
      });
      say(context, command, result, () => resultLines(preview, result));
    });

function previewLines(context: Context, { action, runs, more }: Preview, touched: number): string[] {
  if (runs.length === 0) return ['no runs'];
  return [
    ...table(runs, [
      { title: 'RUN', of: ({ number }) => `#${number}` },
      { title: 'PIPELINE', of: ({ pipeline }) => pipeline, max: 30 },
      { title: 'STATUS', of: ({ status }) => status, paint: context.style.status },
      { title: 'REPOSITORY', of: ({ repository }) => repository, max: 24 },
      {
        title: 'WHAT',
        of: ({ from, refusal }) =>
          refusal ? `left as it is: ${refusal.message}` : from === null ? action : `rerun from ${from}`,
        max: 70,
      },
    ]),
    ...(more ? [`only the newest ${MAX_BULK} are shown; narrow it, or do it again`] : []),
    touched === 0
      ? 'nothing was done: each is left as it is'
      : `nothing was done; --yes --reason … does it to ${touched} of ${runs.length}`,
  ];
}

const resultLines = ({ runs: previewed }: Preview, { runs }: Result): string[] =>
  runs.map(({ id, outcome, rerun, refusal }) => {
    const number = previewed.find((run) => run.id === id)?.number ?? id;
    if (refusal) return `#${number}: left as it is: ${refusal.message}`;
    return rerun === null ? `#${number}: ${outcome}` : `#${number}: goes on as #${rerun}`;
  });
