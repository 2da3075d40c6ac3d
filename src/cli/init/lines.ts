import { metLines } from '../repo-add/lines.js';
import { missingLines } from '../output/missing-lines.js';
import { plain, type Style } from '../output/style.js';
import type { Initialised, InitOptions } from './initialise.js';

export interface NextStep {
  readonly what: string;
  readonly command: string;
}

/** What to do next: how the first run starts, and where to watch it. */
export function nextSteps({ name, source, issue, isUsable, publicUrl }: Initialised, options: InitOptions): NextStep[] {
  if (options.dryRun) return [{ what: 'do all of this', command: `baton init ${source} --yes` }];
  const start =
    issue?.number == null
      ? {
          what: 'open an issue and start its run',
          command: `baton issue create --repo ${name} --label feature --title …`,
        }
      : { what: 'start the first run and watch it', command: runCommand(options.pipeline, name, issue.number) };
  return [
    ...(isUsable
      ? []
      : [{ what: 'correct the set-up or the tests first', command: `baton repo add ${source} --name ${name}` }]),
    start,
    { what: 'decide when it asks you', command: 'baton approvals' },
    { what: `watch it on the page, ${publicUrl}`, command: 'baton sign-in' },
  ];
}

const runCommand = (pipeline: string, repository: string, issue: number): string =>
  `baton run ${pipeline} --repo ${repository} --issue ${issue} --watch`;

/** What there is now, and what to do next. */
export function initialisedLines(of: Initialised, options: InitOptions, style: Style): string[] {
  const { name, added, program, team, issue, missing } = of;
  const { dryRun = false } = options;
  const would = dryRun ? 'would be ' : '';
  const made = team.filter(({ isKnown }) => !isKnown).map(({ definition }) => definition.name);
  const kept = team.length - made.length;
  const repository =
    added === null
      ? [`Repository  ${name} is there already.`]
      : [
          `Repository  ${name} ${added.again ? 'is there already' : dryRun ? 'would be added' : 'is added'}.`,
          ...(dryRun ? [] : metLines(added.met, name).map((line) => `            ${line}`)),
        ];
  return [
    '',
    ...repository,
    `Agents      ${program.program.title}: ${[
      ...(made.length > 0 ? [`${made.join(', ')} ${would || (made.length > 1 ? 'are ' : 'is ')}registered`] : []),
      ...(kept > 0 ? [`${kept} of its team there already`] : []),
    ].join('; ')}.`,
    issue === null
      ? 'Issue       none'
      : `Issue       ${name}${issue.number === null ? '' : `#${issue.number}`} ${plain(issue.title)}: ${
          dryRun ? 'would be opened' : issue.again ? 'is open already' : 'is open'
        }${dryRun ? '' : '; nothing has started'}.`,
    ...missingLines(missing, style),
    '',
    style.bold(dryRun ? 'Nothing was made' : 'Next'),
    ...nextSteps(of, options).flatMap(({ what, command }) => [`  To ${what}:`, `    ${command}`]),
  ];
}
