import { Command } from 'commander';
import { openedPullRequest } from '../../schema/api/pull-request.js';
import { say, type Context } from '../context.js';
import { bodyOf, collectLabels, collectNames } from '../writing.js';

interface Options {
  readonly repo: string;
  readonly title: string;
  readonly head: string;
  readonly base?: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly label: readonly string[];
  readonly reviewer: readonly string[];
}

export const prCommand = (context: Context): Command =>
  new Command('pr').description('pull requests').addCommand(
    new Command('create')
      .description('open a pull request for a branch that was pushed; it starts the pipelines that it triggers')
      .requiredOption('-r, --repo <name>')
      .requiredOption('-t, --title <text>')
      .requiredOption('-H, --head <branch>', 'the branch with the change')
      .option('-B, --base <branch>', 'the branch that it is for; the default branch where left out')
      .option('-b, --body <text>')
      .option('-F, --body-file <file>', 'the body from a file; - is standard input')
      .option('-l, --label <name>', 'one label, which may hold commas; may be repeated', collectLabels, [])
      .option('--reviewer <handle>', 'may be repeated', collectNames, [])
      .action(async (options: Options, command: Command) => {
        const { repo, title, head, base, label, reviewer } = options;
        const path = `/api/repositories/${encodeURIComponent(repo)}/pull-requests`;
        const made = await context.client().post(path, openedPullRequest, {
          body: {
            title,
            head,
            ...(base !== undefined && { base }),
            body: await bodyOf(options),
            labels: label,
            reviewers: reviewer,
          },
        });
        say(context, command, made, () => [
          `${repo}#${made.number} is open`,
          ...made.runs.map(
            ({ number, pipeline }) => `it started #${number} ${pipeline}; follow it with: baton watch ${number}`,
          ),
        ]);
      }),
  );
