import { Command } from 'commander';
import type { z } from 'zod';
import { runDetail } from '../../schema/api/run.js';
import { say, wantsJson, type Context } from '../context.js';
import { countOf } from '../output/count-of.js';
import { plain, type Style } from '../output/style.js';
import { countItems, progressLine } from '../output/progress.js';
import { ago, duration, span } from '../output/time.js';
import { setUpLines, setUpOutputs } from '../output/set-ups.js';
import { table } from '../output/table.js';

type Run = z.output<typeof runDetail>;

export const showCommand = (context: Context): Command =>
  new Command('show')
    .argument('<run>', 'its number, id or workflow id')
    .description('one run: steps, attempts, gates, costs, lineage')
    .action(async (reference: string, _options: unknown, command: Command) => {
      const run = await context.client().get(`/api/runs/${encodeURIComponent(reference)}`, runDetail);
      const printed = wantsJson(command) ? new Map<string, string>() : await setUpOutputs(context.client(), run);
      say(context, command, run, () => linesOf(run, context.style, printed));
    });

function linesOf(run: Run, style: Style, printed: ReadonlyMap<string, string>): string[] {
  const facts: [string, string | null][] = [
    ['status', style.status(run.status)],
    ['where', plain(run.briefing)],
    ['progress', progressLine(run.progress)],
    ['repository', run.repository && `${run.repository}${run.branch === null ? '' : `, branch ${run.branch}`}`],
    ['issue', run.issue && `#${run.issue.number} ${plain(run.issue.title)}`],
    ['asked by', `${run.requestedBy.handle}, ${ago(run.createdAt)}`],
    [run.endedAt === null ? 'so far' : 'took', duration(run.startedAt, run.endedAt)],
    ['cost', costOf(run.cost)],
    ['error', run.error && plain(run.error.message)],
    ['lineage', lineageOf(run)],
    ['workflow', run.workflowId],
    ...run.overrides.map(({ briefing }): [string, string] => ['override', plain(briefing)]),
  ];
  return [
    style.bold(`#${run.number} ${run.pipeline.name} (version ${run.pipeline.version})`),
    ...facts.flatMap(([name, text]) => (text === null || text === '' ? [] : [`  ${name.padEnd(11)}${text}`])),
    ...run.coverage.gaps.map(
      ({ repository, scan, why, fix }) =>
        `  ${style.status('warning')}    ${plain(`${repository}: the scan ${scan} could not look at it: ${why}. ${fix}`)}`,
    ),
    ...run.warnings.map((warning) => `  ${style.status('warning')}    ${warning}`),
    '',
    ...table(run.steps, [
      { title: 'STEP', of: ({ id, item }) => (item === null ? id : `${id} (${item + 1})`) },
      { title: 'STATUS', of: (step) => step.status, paint: style.status },
      { title: 'AGENT', of: ({ attempts }) => attempts.at(-1)?.agent?.name ?? null },
      { title: 'DONE', of: ({ checklist }) => doneOf(checklist), right: true },
      { title: 'ATTEMPTS', of: ({ attempts }) => attempts.length || null, right: true },
      { title: 'COMMIT', of: ({ commit }) => commit?.slice(0, 10) ?? null },
      { title: 'COST', of: ({ attempts, cost }) => (attempts.length === 0 ? null : costOf(cost)) },
      { title: 'TOOK', of: (step) => duration(step.startedAt, step.endedAt) },
      { title: 'RESULT', of: resultOf, max: 90 },
    ]),
    ...setUpLines(run, style, printed),
    ...run.steps.flatMap((step) => checklistOf(step, style)),
    ...run.pullRequests.map(({ number, title, state, mergedCommit }) => {
      const landed = mergedCommit === null ? '' : ` as ${mergedCommit.slice(0, 10)}`;
      return `\npull request #${number} ${plain(title)}: ${style.status(state)}${landed}`;
    }),
  ];
}

const doneOf = (checklist: Run['steps'][number]['checklist']): string | null =>
  checklist.length === 0 ? null : countItems(checklist);

/** The items of a step that is not over, or went wrong: others are read with --json. */
function checklistOf({ id, item, status, checklist, usualSeconds }: Run['steps'][number], style: Style): string[] {
  if (checklist.length === 0 || !['running', 'waiting', 'failed'].includes(status)) return [];
  const usual = usualSeconds === null ? '' : `, usually takes ${span(usualSeconds * 1000)}`;
  return [
    '',
    style.bold(`${item === null ? id : `${id} (${item + 1})`} ${countItems(checklist)}${usual}`),
    ...table(checklist, [
      { title: 'ITEM', of: ({ text }) => text, max: 80 },
      { title: 'STATUS', of: (of) => of.status, paint: style.status },
      { title: 'BY', of: ({ by, source }) => by?.name ?? (source === 'required' ? 'required' : null) },
      { title: 'WHEN', of: ({ at }) => at && ago(at) },
      { title: 'NOTE', of: ({ note }) => note, max: 60 },
    ]),
  ];
}

function resultOf({ error, attempts, approval, questions }: Run['steps'][number]): string | null {
  if (error) return error.message;
  const asked = questions.find(({ status }) => status === 'open');
  if (asked) return `asks: ${asked.text} (baton questions ${asked.id})`;
  if (approval) {
    const who = approval.decisions.map(
      ({ by, verdict, note }) =>
        `${verdict === 'approve' ? 'approved' : 'rejected'} by ${by}${note === null ? '' : `: ${note}`}`,
    );
    return (
      who.join('; ') ||
      `waits for ${approval.missing ?? approval.requirements.flatMap(({ approvers }) => approvers).join(', ')}`
    );
  }
  const last = attempts.at(-1);
  const gates = last?.gates.map(({ gate, verdict }) => `${gate} ${verdict}`) ?? [];
  const findings = last?.findings.length ? [countOf(last.findings.length, 'finding')] : [];
  return [...gates, ...findings].join(', ') || null;
}

function costOf({ usd, listPriceUsd, isMinimum, unknownAttempts }: Run['cost']): string {
  if (usd === null) return 'unknown';
  const sign = isMinimum ? '≥ ' : listPriceUsd > 0 ? '≈ ' : '';
  const source = listPriceUsd === usd ? ', list price' : `, ${dollars(listPriceUsd)} of it list price`;
  return `${sign}${dollars(usd)}${listPriceUsd > 0 ? source : ''}${unknownAttempts > 0 ? ' and unknown' : ''}`;
}

const dollars = (usd: number): string => `$${usd.toFixed(usd < 1 ? 4 : 2)}`;

function lineageOf({ lineage: { rerunOf, rerunFrom, reruns, parent, children } }: Run): string {
  return [
    rerunOf && `rerun of #${rerunOf.number} from ${rerunFrom}`,
    reruns.length > 0 && `rerun as ${reruns.map(({ number }) => `#${number}`).join(', ')}`,
    parent && `called by #${parent.number}`,
    children.length > 0 && `calls ${children.map(({ number, pipeline }) => `#${number} ${pipeline}`).join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}
