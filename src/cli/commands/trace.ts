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
    .argument('<commit>', 'a hash, or a name such as HEAD in the folder where you are')
    .description('from a commit to its step, run, task, issue and the person who asked, and back')
    .action(async (reference: string, _options: unknown, command: Command) => {
      const found = await context.client().get(`/api/trace/${await hashOf(reference)}`, trace);
      say(context, command, found, () => linesOf(found, context.style));
    });

async function hashOf(reference: string): Promise<string> {
  if (/^[0-9a-f]{7,64}$/i.test(reference)) return reference;
  try {
    const { stdout } = await promisify(execFile)('git', [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${reference}^{commit}`,
    ]);
    return stdout.trim();
  } catch {
    throw new CliError(EXIT.usage, 'no-such-commit', `${reference} is no hash, and no commit of a repository here.`);
  }
}

function linesOf(found: Trace, style: Style): string[] {
  const { step, run, task, issue, requestedBy, approvals, pullRequest, commits } = found;
  const facts: [string, string | null][] = [
    [
      'step',
      step &&
        `${plain(step.name)}${step.agent === null ? '' : `, by ${step.agent}${step.attempt === null ? '' : `, attempt ${step.attempt}`}`}`,
    ],
    [
      'merge',
      found.kind === 'merge' && pullRequest
        ? `of pull request #${pullRequest.number} ${plain(pullRequest.title)}`
        : null,
    ],
    ['run', `#${run.number} ${run.pipeline}, ${style.status(run.status)} (${run.workflowId})`],
    ['task', task && `${task.type}: ${plain(task.title)}, ${task.status}`],
    ['issue', issue && `#${issue.number} ${plain(issue.title)}, by ${issue.author} (${plain(issue.authorName)})`],
    ['asked by', `${requestedBy.handle} (${plain(requestedBy.name)})`],
    ...approvals.map(({ by, verdict, note }): [string, string] => [
      verdict === 'approve' ? 'approved' : 'rejected',
      `by ${by}${note === null ? '' : `: ${plain(note)}`}`,
    ]),
  ];
  return [
    style.bold(`${found.commit}${found.repository === null ? '' : ` in ${found.repository}`}`),
    ...facts.flatMap(([name, text]) => (text === null ? [] : [`  ${name.padEnd(10)}${text}`])),
    '  commits of the run',
    ...commits.map(
      ({ commit, step: of, agent }) => `    ${commit.slice(0, 10)}  ${of}${agent === null ? '' : ` (${agent})`}`,
    ),
  ];
}
