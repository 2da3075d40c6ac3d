import type { z } from 'zod';
import type { repositoryProposal } from '../../schema/api/repository-proposal.js';
import { plain, type Style } from '../output/style.js';
import type { Trial } from './follow-trial.js';
import type { Met } from './meeting.js';

type Proposal = z.output<typeof repositoryProposal>;

const MAX_TAIL_LINES = 15;
const indented = (text: string): string[] =>
  plain(text)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);

/** What was detected, and the file that is proposed or there already. */
export function proposalLines(proposal: Proposal, { bold, dim }: Style): string[] {
  const { languages, packageManagers, tools, reasons, doubts, existing, text, branch } = proposal;
  const list = (items: readonly string[]) => (items.length === 0 ? 'none found' : plain(items.join(', ')));
  return [
    `${bold('Languages')}         ${list(languages.slice(0, 5).map(({ name, files }) => `${name} (${files})`))}`,
    `${bold('Package managers')}  ${list(packageManagers.map(({ name, because }) => `${name} (${because})`))}`,
    ...(tools.length > 0
      ? [`${bold('Asks for')}          ${list(tools.map(({ tool, version, file }) => `${tool} ${version} (${file})`))}`]
      : []),
    ...(existing === null
      ? reasons.map(({ part, says }) => plain(`  ${part}: ${says}`))
      : [`${branch} has a .baton/repository.yaml already; it is tried as it is.`]),
    ...doubts.map((doubt) => plain(`  not sure: ${doubt}`)),
    '',
    bold(existing === null ? 'Proposed .baton/repository.yaml' : '.baton/repository.yaml'),
    ...indented(existing ?? text).map((line) => dim(line)),
    '',
  ];
}

const NAMES: Readonly<Record<string, string>> = { setup: 'set-up', typecheck: 'type check' };

/** Whether the summary holds all of the output already. */
const isTold = ({ summary, tail }: Trial['phases'][number]): boolean => summary.endsWith(tail.trim());

/** What each gate would say. */
export function trialLines({ status, phases, error }: Trial, style: Style): string[] {
  const lines = phases.flatMap((phase) => {
    const took = phase.durationMs === null ? '' : style.dim(` ${(phase.durationMs / 1000).toFixed(1)} s`);
    const name = (NAMES[phase.name] ?? phase.name).padEnd(11);
    const said = `${name} ${style.status(phase.status).padEnd(12)} ${plain(phase.summary)}${took}`;
    if (phase.status === 'pass') return [said];
    return [
      said,
      ...(phase.command === null ? [] : indented(`$ ${phase.command}`)),
      ...indented(isTold(phase) ? '' : phase.tail.trimEnd().split('\n').slice(-MAX_TAIL_LINES).join('\n')).filter(
        (line) => line.trim() !== '',
      ),
      ...(phase.mend === null ? [] : [`    ${plain(phase.mend)}`]),
    ];
  });
  if (error) return [...lines, `The trial could not be made: ${plain(error.message)}`];
  if (status === 'cancelled') return [...lines, 'The trial was stopped.'];
  return phases.length === 0 ? ['There was nothing to try: the configuration has no command.'] : lines;
}

/** What became of the configuration. */
export function metLines({ configuration, leftOut, trial, proposal }: Met, name: string): string[] {
  const { existing, branch } = proposal;
  if (configuration) {
    const committed = `.baton/repository.yaml is committed to ${configuration.branch} (${configuration.commit.slice(0, 10)}).`;
    return leftOut.length === 0
      ? [committed]
      : [committed, `Left out, as it did not pass: ${plain(leftOut.join(', '))}.`];
  }
  if (existing !== null) {
    const failed = trial?.passedParts?.leftOut ?? [];
    return [
      `${branch} keeps its .baton/repository.yaml.`,
      ...(failed.length > 0 ? [`It did not pass: ${plain(failed.join(', '))}.`] : []),
    ];
  }
  if (trial === null) return [`${name} is added without a configuration that was tried.`];
  return leftOut.length === 0
    ? [`${branch} has no .baton/repository.yaml.`]
    : [
        `${branch} has no .baton/repository.yaml: no part of it can be accepted. It did not pass: ${plain(leftOut.join(', '))}.`,
      ];
}
