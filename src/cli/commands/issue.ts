import { Command } from 'commander';
import { openedIssue } from '../../schema/api/issue.js';
import { say, type Context } from '../context.js';
import { missingLines } from '../output/missing-lines.js';
import { bodyOf, collectLabels, collectNames } from '../writing.js';

interface Options {
  readonly repo: string;
  readonly title: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly acceptance?: string;
  readonly label: readonly string[];
  readonly blockedBy: readonly string[];
}

export const issueCommand = (context: Context): Command =>
  new Command('issue').description('issues').addCommand(
    new Command('create')
      .description('open an issue; its labels start the pipelines that they trigger')
      .requiredOption('-r, --repo <name>')
      .requiredOption('-t, --title <text>')
      .option('-b, --body <text>')
      .option('-F, --body-file <file>', 'the body from a file; - is standard input')
      .option('-a, --acceptance <text>', 'acceptance criteria')
      .option('-l, --label <name>', 'one label, which may hold commas; may be repeated', collectLabels, [])
      .option(
        '--blocked-by <issue>',
        '#12, or other#12 of another repository: its runs wait for it; may be repeated',
        collectNames,
        [],
      )
      .action(async (options: Options, command: Command) => {
        const { repo, title, acceptance, label } = options;
        const made = await context.client().post(`/api/repositories/${encodeURIComponent(repo)}/issues`, openedIssue, {
          body: {
            title,
            body: await bodyOf(options),
            acceptanceCriteria: acceptance ?? '',
            labels: label,
            blockedBy: options.blockedBy,
          },
        });
        say(context, command, made, () => [
          `${repo}#${made.number} is open`,
          ...missingLines(made.missing, context.style),
          ...made.runs.map(
            ({ number, pipeline }) => `it started #${number} ${pipeline}; follow it with: baton watch ${number}`,
          ),
        ]);
      }),
  );
