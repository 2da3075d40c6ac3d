import { Command } from 'commander';
import type { z } from 'zod';
import type { approval } from '../../schema/api/approval.js';
import { approvalPage } from '../../schema/api/approval.js';
import { questionCount } from '../../schema/api/question.js';
import { runDetail } from '../../schema/api/run.js';
import { allPages } from '../client/all-pages.js';
import { say, type Context } from '../context.js';
import { countOf } from '../output/count-of.js';
import { plain, type Style } from '../output/style.js';
import { table } from '../output/table.js';
import { ago, span } from '../output/time.js';
import { wholeNumber } from '../whole-number.js';
import { findApproval } from './find-approval.js';

type Approval = z.output<typeof approval>;

interface ListOptions {
  readonly mine?: boolean;
  readonly all?: boolean;
  readonly limit: number;
}

export const approvalsCommand = (context: Context): Command =>
  new Command('approvals')
    .argument('[run-or-approval]', 'one: why it is asked, what is known of the change, what happens if you approve')
    .description('what waits for a decision, the riskiest first, of those the longest waiting')
    .option('--mine', 'only those that you can decide')
    .option('--all', 'those that are settled, the last first')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(async (reference: string | undefined, { mine, all, limit }: ListOptions, command: Command) => {
      const client = context.client();
      if (reference !== undefined) {
        const found = await findApproval(client, reference);
        const next =
          found.status === 'open' ? nextSteps(found, await client.get(`/api/runs/${found.run.id}`, runDetail)) : [];
        say(context, command, found, () => linesOf(found, next, context.style));
        return;
      }
      const query = new URLSearchParams(
        all === true
          ? { status: 'settled' }
          : { order: 'risk', ...(mine === true ? { waiting: 'me' } : { status: 'open' }) },
      );
      const items = await allPages(client, `/api/approvals?${query.toString()}`, approvalPage, limit);
      const asked = all === true ? 0 : (await client.get('/api/questions/count', questionCount)).mine;
      say(context, command, { items }, () => [
        ...(items.length === 0 ? ['no approvals'] : rowsOf(items, context.style)),
        ...(asked === 0 ? [] : [`${countOf(asked, 'question')} for you besides: baton questions --mine`]),
        ...(items.length > 0 && all !== true ? [`look at one: baton approvals ${items[0]!.run.number}`] : []),
      ]);
    });

const rowsOf = (items: readonly Approval[], style: Style): string[] =>
  table(items, [
    { title: 'RUN', of: ({ run }) => `#${run.number}` },
    { title: 'RISK', of: ({ risk }) => risk?.tier ?? 'unknown' },
    { title: 'STATUS', of: ({ status }) => status, paint: style.status },
    { title: 'ASKED', of: ({ requestedAt }) => ago(requestedAt) },
    { title: 'YOU CAN DECIDE', of: ({ status, refusal }) => (status === 'open' && refusal === null ? 'yes' : 'no') },
    { title: 'STEP', of: ({ step }) => step.name, max: 24 },
    { title: 'NEEDS', of: ({ missing }) => missing, max: 40 },
    { title: 'WHAT', of: ({ run }) => titleOf(run), max: 70 },
  ]);

function linesOf(of: Approval, next: readonly string[], style: Style): string[] {
  const { run, step, status, risk, change, decisions, comments, requirements } = of;
  const open = status === 'open';
  const reasons = risk?.reasons.filter(({ tier }) => tier === risk.tier).map(({ why }) => why) ?? [];
  const facts: [string, string | null][] = [
    ['status', `${style.status(status)}, asked ${ago(of.requestedAt)}`],
    ['run', `${style.status(run.status)}: ${plain(run.briefing)}`],
    ['asked by', run.requestedBy],
    ['risk', risk && plain([risk.tier, ...reasons].join('; '))],
    ['change', change && changeOf(change)],
    ['if you say yes', open ? plain(consequence(of, next)) : null],
    ['if you do not', open ? 'a rejection ends the run; it can be repeated from any step' : null],
    [
      'in time',
      open && of.expiresAt !== null
        ? `${span(Date.parse(of.expiresAt) - Date.now())} left; then the run fails without a decision`
        : null,
    ],
    ['not by', of.excluded.length === 0 ? null : `${of.excluded.join(', ')}: the change is theirs`],
    ['you', open && of.refusal ? `cannot decide it: ${plain(of.refusal.message)}` : null],
  ];
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${plain(line)}`)];
  return [
    style.bold(plain(`${step.name} of #${run.number} ${titleOf(run)}`)),
    ...facts.flatMap(([name, text]) => (text === null ? [] : [`  ${name.padEnd(15)}${text}`])),
    ...list(
      'it needs',
      requirements.map(({ rule, why, kind, approvers, atLeast, by, missing, canSatisfy }) => {
        const who = approvers.join(kind === 'all' ? ' and ' : ' or ');
        const many = kind === 'any' && atLeast > 1 ? `${atLeast} of ` : '';
        const still = missing === null ? '' : `; can say yes: ${canSatisfy.join(', ') || 'nobody'}`;
        return `${many}${who} (${rule}: ${why})${by.length > 0 ? `; yes: ${by.join(', ')}` : ''}${still}`;
      }),
    ),
    ...list('gates', change?.gates.map(({ gate, verdict, summary }) => `${gate}: ${verdict}, ${summary}`) ?? []),
    ...list(
      'decided',
      decisions.map(
        ({ by, verdict, note, at }) =>
          `${by} ${verdict === 'approve' ? 'approved' : 'rejected'} ${ago(at)}${note === null ? '' : `: ${note}`}`,
      ),
    ),
    ...list(
      'said',
      comments.map(({ by, body, at }) => `${by}, ${ago(at)}: ${body}`),
    ),
    ...(open && of.refusal === null
      ? ['', `baton approve ${of.id}`, `baton reject ${of.id} --note <why>`, `baton discuss ${of.id} <text>`]
      : []),
  ];
}

const titleOf = ({ issue, pipeline }: Approval['run']): string => issue?.title ?? pipeline;

function changeOf({ commit, branch, pullRequest, findings }: NonNullable<Approval['change']>): string | null {
  if (commit === null) return null;
  const where = branch === null ? '' : ` on ${branch}`;
  const request = pullRequest === null ? '' : `, pull request #${pullRequest}`;
  return plain(`${commit.slice(0, 10)}${where}${request}; ${countOf(findings.length, 'finding')} of reviews`);
}

/** Names of the steps that only wait for this one. */
const nextSteps = ({ step }: Approval, { graph }: z.output<typeof runDetail>): string[] =>
  graph.nodes.filter(({ dependsOn }) => dependsOn.includes(step.id)).map(({ name }) => name);

/** What an approval lets happen. */
function consequence({ purpose, run }: Approval, next: readonly string[]): string {
  const does = {
    step: next.length === 0 ? 'the run goes on' : `the run goes on with ${next.join(', ')}`,
    act: 'the agent begins to work on this step',
    land: 'the change is merged',
  }[purpose];
  return run.paused ? `${does}, once somebody resumes the run` : does;
}
