import { isExpression, isText, type Template } from '../../domain/template.js';
import { type At, quote } from './diagnostic.js';
import { MERGE_METHODS } from '../../domain/merge-method.js';
import type { ReadContext } from './read-work.js';
import { describe } from './fields.js';
import type { TemplateCompiler } from './template.js';
import type { YamlEntry, YamlNode } from './yaml-tree.js';

interface Parameter {
  /** Other words for it; the plan has ours. */
  readonly also?: readonly string[];
  readonly required?: true;
  /** A list in the plan, also where the file has a single value. */
  readonly list?: true;
  readonly is?: 'branch' | 'flag';
  /** Any value; else it is a text. */
  readonly any?: true;
  /** The values that it may have. */
  readonly oneOf?: readonly string[];
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];
const AUDIT: Readonly<Record<string, Parameter>> = {
  // Says what the step is mapped over, so it is read before the others.
  repos: { also: ['repositories'], any: true },
  commit: {},
  severity: { also: ['severities'], list: true },
  failOn: { oneOf: [...SEVERITIES, 'never'] },
  allowInconclusive: { is: 'flag' },
};

/** What every notice takes. */
const NOTICE: Readonly<Record<string, Parameter>> = {
  title: { also: ['subject'] },
  message: { also: ['text', 'body', 'summary'] },
  urgent: {},
};

/** What Baton's own actions take. Those that are not listed here (agents', or not there yet) take anything. */
const PARAMETERS: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
  'git.createBranch': { branch: { also: ['name'], required: true, is: 'branch' }, from: {} },
  'github.createPR': {
    title: {},
    body: {},
    reviewers: { also: ['reviewer'], list: true },
    labels: { also: ['label'], list: true },
  },
  'notify.slack': { channel: { required: true }, ...NOTICE },
  'notify.email': {
    channel: {},
    ...NOTICE,
    recipients: { also: ['recipient', 'to'], list: true },
    attach: { also: ['attachments', 'attachment'], list: true },
  },
  'notify.webhook': { channel: {}, event: {}, data: { any: true }, ...NOTICE },
  'github.comment': { body: { also: ['message', 'text'], required: true } },
  'github.review': { pullRequest: { also: ['number'], required: true }, summary: {} },
  'github.merge': { strategy: { also: ['method', 'mergeMethod'], oneOf: MERGE_METHODS } },
  'github.createIssues': {
    findings: { also: ['fromFindings', 'from'], any: true },
    labels: { also: ['label'], list: true },
  },
  'audit.secrets': AUDIT,
  'audit.sast': AUDIT,
  'audit.dependencies': { ...AUDIT, network: { is: 'flag' } },
  'report.generate': {
    title: {},
    format: { oneOf: ['markdown', 'pdf'] },
    findings: { also: ['violations'], any: true },
  },
  'project.repositories': {},
  'dependencies.outdated': { network: { is: 'flag' } },
};

const FAIL_ON: Parameter = { oneOf: ['critical', 'high', 'medium', 'low', 'never'] };

/** The parameters of a step as its action takes them, compiled. `place` is where a missing one is reported. */
export function compileParameters(
  action: string,
  entries: readonly YamlEntry[],
  place: At,
  templates: TemplateCompiler,
  context: ReadContext,
): Readonly<Record<string, Template>> {
  const declared = Object.hasOwn(PARAMETERS, action) ? PARAMETERS[action] : undefined;
  if (!declared) {
    for (const { key, value } of entries)
      if (key === 'failOn' && action.startsWith('review.')) checkChoice('failOn', FAIL_ON, value, context);
    return Object.fromEntries(
      entries.map(({ key, keyAt, value }) => [templates.checkKey(key, keyAt), templates.compile(value)]),
    );
  }
  const { problems } = context;
  const params = new Map<string, Template>();
  for (const { key, keyAt, value } of entries) {
    const [name, parameter] =
      Object.entries(declared).find(([word, { also }]) => word === key || also?.includes(key)) ?? [];
    if (name === undefined || !parameter) {
      const hint = problems.didYouMean(key, Object.keys(declared)) ?? `it takes ${Object.keys(declared).join(', ')}`;
      problems.error('unknown-parameter', keyAt, `${quote(action)} takes no ${quote(key)}`, hint);
      templates.compile(value);
      continue;
    }
    if (params.has(name))
      problems.error('double-key', keyAt, `${quote(key)} says the same as ${quote(name)}`, 'keep one of them');
    params.set(name, compileParameter(key, parameter, value, templates, context));
  }
  for (const [name, { required }] of Object.entries(declared)) {
    if (required && !params.has(name))
      problems.error(
        'parameter-missing',
        place,
        `${quote(action)} needs ${quote(name)}`,
        `add \`${name}\` to its params`,
      );
  }
  return Object.fromEntries(params);
}

function compileParameter(
  key: string,
  parameter: Parameter,
  value: YamlNode,
  templates: TemplateCompiler,
  context: ReadContext,
): Template {
  const { problems } = context;
  const compiled = templates.compile(value);
  if (value.kind === 'scalar' && value.faulty) return null;
  if (parameter.oneOf) checkChoice(key, parameter, value, context);
  if (parameter.any) return compiled;
  if (parameter.list) {
    if (value.kind === 'map') problems.error('bad-parameter', value, `${quote(key)} is a list of texts, not a mapping`);
    return Array.isArray(compiled) || isExpression(compiled) ? compiled : [compiled];
  }
  if (parameter.is === 'flag') {
    if (typeof compiled !== 'boolean' && !isExpression(compiled))
      problems.error('bad-parameter', value, `${quote(key)} is true or false, not ${describe(value)}`);
    return compiled;
  }
  if (value.kind !== 'scalar' || value.value === null || value.value === '') {
    problems.error('bad-parameter', value, `${quote(key)} is a text, not ${describe(value)}`);
  } else if (parameter.is === 'branch') {
    checkBranch(compiled, value, context);
  }
  return compiled;
}

/** What git allows nowhere in the name of a branch. */
function checkBranch(branch: Template, at: At, { problems }: ReadContext): void {
  const literals = isText(branch) ? branch.$text : [branch];
  const wrong = literals.some(
    (part, index) =>
      typeof part === 'string' &&
      (/[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\//u.test(part) || (index === 0 && /^[-/.]/.test(part))),
  );
  if (wrong)
    problems.error(
      'bad-branch',
      at,
      'git refuses such a name of a branch',
      'such as `feature/{{ issue.number }}-{{ issue.slug }}`',
    );
}

function checkChoice(key: string, { oneOf = [] }: Parameter, value: YamlNode, context: ReadContext): void {
  const text = value.kind === 'scalar' ? value.value : null;
  if (typeof text === 'string' && oneOf.includes(text)) return;
  if (value.kind === 'scalar' && value.faulty) return;
  const hint = typeof text === 'string' ? context.problems.didYouMean(text, oneOf) : null;
  context.problems.error(
    'bad-parameter',
    value,
    `${quote(key)} is one of ${oneOf.join(', ')}, not ${describe(value)}`,
    hint,
  );
}
