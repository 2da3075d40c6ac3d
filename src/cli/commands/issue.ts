import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { openedIssue } from '../../schema/api/issue.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';

interface Options {
  readonly repo: string;
  readonly title: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly acceptance?: string;
  readonly label: readonly string[];
}

const collect = (text: string, earlier: readonly string[]): string[] => [
  ...earlier,
  ...text.split(',').map((name) => name.trim()),
];

export const issueCommand = (context: Context): Command =>
  new Command('issue').description('issues').addCommand(
    new Command('create')
      .description('open an issue; its labels start the pipelines that they trigger')
      .requiredOption('-r, --repo <name>')
      .requiredOption('-t, --title <text>')
      .option('-b, --body <text>')
      .option('-F, --body-file <file>', 'the body from a file; - is standard input')
      .option('-a, --acceptance <text>', 'acceptance criteria')
      .option('-l, --label <name>', 'may be repeated', collect, [])
      .action(async (options: Options, command: Command) => {
        const { repo, title, acceptance, label } = options;
        const made = await context.client().post(`/api/repositories/${encodeURIComponent(repo)}/issues`, openedIssue, {
          body: { title, body: await bodyOf(options), acceptanceCriteria: acceptance ?? '', labels: label },
        });
        say(context, command, made, () => [
          `${repo}#${made.number} is open`,
          ...made.runs.map(
            ({ number, pipeline }) => `it started #${number} ${pipeline}; follow it with: baton watch ${number}`,
          ),
        ]);
      }),
  );

async function bodyOf({ body, bodyFile }: Options): Promise<string> {
  if (bodyFile === undefined) return body ?? '';
  if (body !== undefined)
    throw new CliError(EXIT.usage, 'two-bodies', 'Give the body as --body or as --body-file, not both.');
  try {
    return await (bodyFile === '-' ? text(process.stdin) : readFile(bodyFile, 'utf8'));
  } catch (error) {
    throw new CliError(EXIT.usage, 'file-unreadable', `${bodyFile} cannot be read: ${(error as Error).message}.`);
  }
}
