import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Command } from 'commander';
import type { z } from 'zod';
import { trace } from '../../schema/api/trace.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { plain, type Style } from '../output/style.js';

type Trace = z.output<typeof trace>;

export const traceCommand = (context: Context): Command =>
  new Command('trace')
    .argument('<what>', "a commit, a run ('#7') or an issue (textkit#3)")
    .description(
      'from a commit to its step, run, task, issue and the person who asked; and back, from a run or an issue',
    )
    .option('-r, --repo <name>', 'a repository of Baton: then a commit may be named by its branch or tag there')
    .addHelpText(
      'after',
      '\nA commit is a hash, or a name such as HEAD in the folder where you are, or with --repo in one of Baton.',
    )
    .action(async (reference: string, { repo }: { repo?: string }, command: Command) => {
      const found = await context.client().get(await pathOf(reference, repo), trace);
      say(context, command, found, () => linesOf(found, context.style));
    });

async function pathOf(reference: string, repo: string | undefined): Promise<string> {
  if (repo === undefined) return `/api/trace/${encodeURIComponent(await meant(reference))}`;
  return `/api/repositories/${encodeURIComponent(repo)}/trace/${encodeURIComponent(reference)}`;
}

const HASH = /^[0-9a-f]{7,64}$/i;
const RUN_OR_ISSUE = /^[^/#]*#\d+$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What Baton knows by itself; else a commit of the folder where we are; else perhaps a run, by its workflow id. */
async function meant(reference: string): Promise<string> {
  if (HASH.test(reference) || RUN_OR_ISSUE.test(reference)) return reference;
  try {
    const name = `${reference}^{commit}`;
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name];
    const { stdout } = await promisify(execFile)('git', args);
    return stdout.trim();
  } catch {
    if (reference.includes('/')) return reference;
    if (/^\d+$/.test(reference)) throw new CliError(EXIT.usage, 'no-such-commit', `Write a run as '#${reference}'.`);
    throw new CliError(
      EXIT.usage,
      'no-such-commit',
      `${reference} is no hash, run or issue, and no commit of a repository here; --repo NAME looks in one of Baton's.`,
    );
  }
}

function linesOf(found: Trace, style: Style): string[] {
  const { kind, step, run, runs, task, issue, requestedBy, approvals, pullRequests, commits } = found;
  const facts: [string, string | null][] = [
    [
      'step',
      step &&
        `${plain(step.name)}${step.agent === null ? '' : `, by ${step.agent}${step.attempt === null ? '' : `, attempt ${step.attempt}`}`}`,
    ],
    ['run', `#${run.number} ${run.pipeline}, ${style.status(run.status)} (${run.workflowId})`],
    ...runs
      .filter(({ id }) => id !== run.id)
      .map(({ number, pipeline, status }): [string, string] => ['', `#${number} ${pipeline}, ${style.status(status)}`]),
    ['task', task && `${task.type}: ${plain(task.title)}, ${task.status}`],
    ['issue', issue && `#${issue.number} ${plain(issue.title)}, by ${issue.author} (${plain(issue.authorName)})`],
    ['asked by', `${requestedBy.handle} (${plain(requestedBy.name)})`],
    ...approvals.map(({ by, verdict, note }): [string, string] => [
      verdict === 'approve' ? 'approved' : 'rejected',
      `by ${by}${note === null ? '' : `: ${plain(note)}`}`,
    ]),
    ...pullRequests.map(({ repository, number, title, state, mergedCommit }): [string, string] => [
      'proposed',
      `as ${repository}#${number} ${plain(title)}: ${style.status(state)}${mergedCommit === null ? '' : ` as ${mergedCommit.slice(0, 10)}`}`,
    ]),
  ];
  return [
    style.bold(headOf(found)),
    ...facts.flatMap(([name, text]) => (text === null ? [] : [`  ${name.padEnd(10)}${text}`])),
    `  commits of the run${kind === 'issue' ? 's' : ''}`,
    ...commits.map(
      ({ commit, step: of, agent }) => `    ${commit.slice(0, 10)}  ${of}${agent === null ? '' : ` (${agent})`}`,
    ),
  ];
}

function headOf({ commit, kind, repository, issue, run }: Trace): string {
  const where = repository === null ? '' : ` in ${repository}`;
  if (commit !== null) return `${commit}${where}${kind === 'merge' ? ', as it landed' : ''}`;
  return kind === 'issue' && issue ? `${repository}#${issue.number}` : `run #${run.number}${where}`;
}
