import { Command } from 'commander';
import { runPage } from '../../schema/api/run.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { wholeNumber } from '../whole-number.js';
import { ago, duration } from '../output/time.js';
import { table } from '../output/table.js';

interface Options {
  readonly status?: string;
  readonly repo?: string;
  readonly pipeline?: string;
  readonly issue?: number;
  readonly search?: string;
  readonly limit: number;
}

export const runsCommand = (context: Context): Command =>
  new Command('runs')
    .description('runs, newest first')
    .option('-s, --status <list>', 'pending, running, waiting, succeeded, failed, cancelled; several with commas')
    .option('-r, --repo <name>')
    .option('-p, --pipeline <name>')
    .option('-i, --issue <number>', 'of that issue', wholeNumber)
    .option('-q, --search <words>')
    .option('-n, --limit <number>', 'at most so many', wholeNumber, 20)
    .action(async ({ status, repo, pipeline, issue, search, limit }: Options, command: Command) => {
      const asked = Object.entries({ status, repository: repo, pipeline, issue, q: search });
      const query = new URLSearchParams(
        asked.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as [string, string]])),
      );
      const runs = await allPages(context.client(), `/api/runs?${query.toString()}`, runPage, limit);
      say(context, command, { items: runs }, () =>
        runs.length === 0
          ? ['no runs']
          : table(runs, [
              { title: 'RUN', of: ({ number }) => `#${number}` },
              { title: 'PIPELINE', of: (run) => run.pipeline.name, max: 30 },
              { title: 'STATUS', of: (run) => run.status, paint: context.style.status },
              { title: 'REPOSITORY', of: (run) => run.repository, max: 24 },
              { title: 'ISSUE', of: ({ issue: of }) => (of ? `#${of.number} ${of.title}` : null), max: 40 },
              { title: 'STARTED', of: (run) => ago(run.createdAt) },
              { title: 'TOOK', of: (run) => duration(run.startedAt, run.endedAt) },
              { title: 'WHERE', of: ({ briefing }) => briefing, max: 100 },
            ]),
      );
    });
