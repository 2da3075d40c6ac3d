import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { runFindingPage } from '../../schema/api/finding.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';

export const findingsCommand = (context: Context): Command =>
  new Command('findings')
    .argument('<run>', 'its number, id or workflow id')
    .description('what the gates, scanners and reviewers of a run found, most severe first')
    .option('--sarif <file>', 'write them as SARIF 2.1.0; - is standard output')
    .action(async (reference: string, { sarif }: { sarif?: string }, command: Command) => {
      const client = context.client();
      const path = `/api/runs/${encodeURIComponent(reference)}/findings`;
      if (sarif !== undefined) {
        const answer = await client.open(path, { accept: 'application/sarif+json' });
        await write(context, sarif, await answer.text());
        return;
      }
      const items = await allPages(client, path, runFindingPage);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no findings']
          : table(items, [
              { title: 'SEVERITY', of: ({ severity }) => severity, paint: context.style.status },
              { title: 'BY', of: ({ gate }) => gate ?? 'review' },
              { title: 'STEP', of: ({ step, attempt }) => `${step}, attempt ${attempt}`, max: 30 },
              { title: 'WHERE', of: ({ file, line }) => file && `${file}${line === null ? '' : `:${line}`}`, max: 50 },
              { title: 'RULE', of: ({ rule }) => rule, max: 40 },
              { title: 'WHAT', of: ({ message }) => message.split('\n', 1)[0]!, max: 90 },
            ]),
      );
    });

async function write(context: Context, file: string, text: string): Promise<void> {
  if (file === '-') {
    context.out(text);
    return;
  }
  try {
    await writeFile(file, `${text}\n`);
  } catch (error) {
    throw new CliError(EXIT.usage, 'not-written', `${file} cannot be written: ${(error as Error).message}`);
  }
  context.note(`written to ${file}`);
}
