import picomatch from 'picomatch';
import { OVERLAPS, type Overlap, type Trigger } from '../../domain/plan.js';
import { isOutsidePattern } from '../../domain/outside-event.js';
import { STARTING_EVENTS } from '../../domain/trigger.js';
import { parseCall } from './call.js';
import { refuseCron, WEEKDAYS } from '../../domain/cron.js';
import { readDuration } from './duration.js';
import { type At, quote, type Problems } from './diagnostic.js';
import { describe, type Field, type Fields, readBoolean, readFields, readText } from './fields.js';
import type { YamlMapping, YamlNode } from './yaml-tree.js';

const VOCABULARY = {
  label: ['label', 'issue.labeled'],
  schedule: ['schedule', 'cron'],
  timeZone: ['timeZone', 'timezone'],
  overlap: ['overlap'],
  catchUp: ['catchUp'],
  repository: ['repository'],
  event: ['event'],
  filters: ['filters', 'filter'],
  ownPullRequests: ['ownPullRequests'],
  manual: ['manual'],
} as const;

const FORMS = "issue.labeled('…'), schedule.daily(2am), schedule.weekly(sunday, 2am), schedule.monthly(1, 2am), manual";
const UTC = 'UTC';

interface Around {
  readonly problems: Problems;
  /** An event that nothing emits yet. */
  readonly unavailable: (name: string, at: At, what: string) => void;
  /** Names of the project's repositories, where they are known. */
  readonly repositories: readonly string[] | undefined;
}

/** What starts the pipeline; a file that says nothing is started by hand. */
export function readTriggers(field: Field | undefined, around: Around): readonly Trigger[] {
  const { problems } = around;
  if (!field) return [{ kind: 'manual' }];
  if (field.value.kind !== 'list') return readTrigger(field.value, around);
  if (field.value.items.length === 0) {
    problems.error(
      'bad-trigger',
      field.value,
      `${quote(field.key)} is empty`,
      'write `manual` where nothing starts it by itself',
    );
  }
  return field.value.items.flatMap((item) => readTrigger(item, around));
}

function readTrigger(node: YamlNode, around: Around): readonly Trigger[] {
  const { problems } = around;
  if (node.kind === 'map') return readMapping(node, around);
  if (node.kind === 'scalar' && node.faulty) return [];
  if (node.kind === 'scalar' && typeof node.value === 'string') return readCall(node.value.trim(), node, problems);
  problems.error('bad-trigger', node, `a trigger is a text or a mapping, not ${describe(node)}`, `such as ${FORMS}`);
  return [];
}

function readCall(text: string, at: At, problems: Problems): readonly Trigger[] {
  const { name, given = [] } = parseCall(text) ?? {};
  const refuse = (message: string, hint: string): readonly Trigger[] => {
    problems.error('bad-trigger', at, message, hint);
    return [];
  };
  switch (name) {
    case 'manual':
      return [{ kind: 'manual' }];
    case 'issue.labeled':
      if (given.length === 1 && given[0]!.trim() !== '') return [{ kind: 'label', label: given[0]!.trim() }];
      return refuse(
        '`issue.labeled` takes one label',
        "write `issue.labeled('feature')`, a label with a comma in quotes, and a list of triggers for several labels",
      );
    case 'schedule.daily':
    case 'schedule.weekly':
    case 'schedule.monthly':
    case 'schedule.cron': {
      const kind = name.slice('schedule.'.length) as 'daily' | 'weekly' | 'monthly' | 'cron';
      const cron = kind === 'cron' ? given.join(',') : cronOf(kind, given);
      if (cron === null) return refuse(`${quote(text)} is no time`, SCHEDULE_HINTS[kind]);
      return readCron(cron, UTC, at, problems);
    }
    default: {
      if (name !== undefined && given.length === 0 && !text.includes('(') && isStartingEvent(name))
        return [{ kind: 'event', type: name, filters: {} }];
      const unclosed =
        text.includes('(') && !text.includes(')') ? 'inside `[ ]` a trigger with a comma is written in quotes' : null;
      const unquoted = text.startsWith('issue.labeled')
        ? 'a label with parentheses or quotes is written in quotes, such as `issue.labeled("bug (confirmed)")`'
        : null;
      const known = ['issue.labeled', 'schedule.daily', 'schedule.weekly', 'schedule.monthly', 'manual'];
      const near = problems.didYouMean(name ?? text, known);
      return refuse(
        `${quote(text)} is no trigger`,
        unclosed ?? unquoted ?? near ?? `such as ${FORMS}; an event is written \`event: …\``,
      );
    }
  }
}

const SCHEDULE_HINTS = {
  daily: 'write `schedule.daily(2am)`',
  weekly: 'write `schedule.weekly(sunday, 2am)`',
  monthly: 'write `schedule.monthly(1, 2am)`, the day from 1 to 28',
  cron: "write `schedule.cron('0 9 * * 1')`",
} as const;

function cronOf(kind: 'daily' | 'weekly' | 'monthly', given: readonly string[]): string | null {
  const time = parseTime(given.at(-1) ?? '');
  if (!time || given.length !== (kind === 'daily' ? 1 : 2)) return null;
  const at = `${time.minute} ${time.hour}`;
  if (kind === 'daily') return `${at} * * *`;
  if (kind === 'monthly') return /^([1-9]|1\d|2[0-8])$/.test(given[0]!) ? `${at} ${given[0]!} * *` : null;
  const word = given[0]!.toLowerCase();
  const day = WEEKDAYS.findIndex((weekday) => weekday === word || weekday.slice(0, 3) === word);
  return day === -1 ? null : `${at} * * ${day}`;
}

/** `2am`, `2:30pm`, `14:00`. */
function parseTime(text: string): { readonly hour: number; readonly minute: number } | null {
  const match = /^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/i.exec(text);
  if (!match || (match[2] === undefined && match[3] === undefined)) return null;
  const half = match[3]?.toLowerCase();
  const given = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  if (minute > 59 || (half === undefined ? given > 23 : given < 1 || given > 12)) return null;
  return { hour: half === undefined ? given : (given % 12) + (half === 'pm' ? 12 : 0), minute };
}

function readCron(cron: string, timeZone: string, at: At, problems: Problems): readonly Trigger[] {
  const fault = refuseCron(cron);
  if (fault === null) return [{ kind: 'schedule', cron: cron.trim().replace(/\s+/g, ' '), timeZone }];
  problems.error('bad-cron', at, fault, 'such as `0 9 * * 1`: Monday, 09:00');
  return [];
}

function readMapping(map: YamlMapping, around: Around): readonly Trigger[] {
  const { problems } = around;
  const fields = readFields(map, 'trigger', VOCABULARY, problems);
  const { label, schedule, event, manual, filters } = fields;
  if (filters && !event) problems.error('bad-trigger', filters.keyAt, '`filters` goes with `event`');
  const { ownPullRequests } = fields;
  if (ownPullRequests && !event)
    problems.error('bad-trigger', ownPullRequests.keyAt, '`ownPullRequests` goes with `event: repo.pr.opened`');
  for (const option of [fields.timeZone, fields.overlap, fields.catchUp, fields.repository])
    if (option && !schedule) problems.error('bad-trigger', option.keyAt, `${quote(option.key)} goes with \`schedule\``);
  if (!label && !schedule && !event && !manual) {
    problems.error(
      'bad-trigger',
      map,
      'this trigger starts nothing',
      'give it `label`, `schedule`, `event` or `manual`',
    );
  }
  const found: Trigger[] = [];
  const labelText = readText(label, problems);
  if (labelText !== null) found.push({ kind: 'label', label: labelText });
  if (schedule) found.push(...readSchedule(schedule, fields, around));
  if (event) found.push(...readEvent(event, fields, around));
  if (readBoolean(manual, problems)) found.push({ kind: 'manual' });
  return found;
}

function readSchedule(
  schedule: Field,
  { timeZone, ...fields }: Fields<keyof typeof VOCABULARY>,
  around: Around,
): readonly Trigger[] {
  const { problems } = around;
  const text = readText(schedule, problems);
  const zone = readText(timeZone, problems) ?? UTC;
  if (timeZone && !isTimeZone(zone)) {
    problems.error(
      'bad-time-zone',
      timeZone.value,
      `there is no time zone ${quote(zone)}`,
      'such as `Europe/Berlin` or `UTC`',
    );
  }
  const options = readOptions(fields, around);
  if (text === null) return [];
  const short = /^(?:schedule\.)?((?:daily|weekly|monthly)\s*\(.*\))$/.exec(text);
  const read = short
    ? readCall(`schedule.${short[1]!}`, schedule.value, problems)
    : readCron(text, zone, schedule.value, problems);
  return read.map((trigger) => ({ ...trigger, timeZone: zone, ...options }) as Trigger);
}

const MIN_CATCH_UP_MS = 10_000;

function readOptions(
  { overlap, catchUp, repository }: Fields<'overlap' | 'catchUp' | 'repository'>,
  { problems, repositories }: Around,
): { readonly overlap?: Overlap; readonly catchUpMs?: number; readonly repository?: string } {
  const wanted = readText(overlap, problems);
  const how = OVERLAPS.find((known) => known === wanted);
  if (overlap && wanted !== null && how === undefined)
    problems.error('bad-trigger', overlap.value, `\`overlap\` is one of ${OVERLAPS.join(', ')}`);
  const catchUpMs = readDuration(catchUp, problems);
  if (catchUp && catchUpMs !== null && catchUpMs < MIN_CATCH_UP_MS)
    problems.error('bad-trigger', catchUp.value, '`catchUp` is 10s or more');
  const name = readText(repository, problems);
  if (repository && name !== null && repositories && !repositories.includes(name))
    problems.error(
      'unknown-repository',
      repository.value,
      `there is no repository ${quote(name)}`,
      problems.didYouMean(name, repositories),
    );
  return {
    ...(how !== undefined && { overlap: how }),
    ...(catchUpMs !== null && { catchUpMs }),
    ...(name !== null && { repository: name }),
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function readEvent(
  event: Field,
  { filters, ownPullRequests }: Pick<Fields<keyof typeof VOCABULARY>, 'filters' | 'ownPullRequests'>,
  { problems, unavailable }: Around,
): readonly Trigger[] {
  const type = readText(event, problems);
  if (type !== null && !/^[a-z][\w-]*(\.(?:[\w-]+|\*))*$/i.test(type)) {
    problems.error(
      'bad-trigger',
      event.value,
      `${quote(type)} is no event type`,
      'such as `repo.push` or `issue.labeled`',
    );
  } else if (type !== null && !isStartingEvent(type)) unavailable(type, event.value, 'event');
  const checked = filters ? readFilters(filters, problems) : {};
  if (ownPullRequests && type !== null && type !== 'repo.pr.opened')
    problems.error('bad-trigger', ownPullRequests.keyAt, '`ownPullRequests` goes with `event: repo.pr.opened`');
  const own = readBoolean(ownPullRequests, problems);
  return type === null
    ? []
    : [{ kind: 'event', type, filters: checked, ...(own !== null && { ownPullRequests: own }) }];
}

const isStartingEvent = (type: string): boolean =>
  (STARTING_EVENTS as readonly string[]).includes(type) || isOutsidePattern(type);

function readFilters(field: Field, problems: Problems): Readonly<Record<string, readonly string[]>> {
  if (field.value.kind !== 'map') {
    problems.error(
      'bad-filter',
      field.value,
      `\`filters\` is a mapping of payload fields, not ${describe(field.value)}`,
      'such as `branch: main`',
    );
    return {};
  }
  return Object.fromEntries(
    field.value.entries.map(({ key, value }) => {
      const items = value.kind === 'list' ? value.items : [value];
      if (items.length === 0)
        problems.error('bad-filter', value, `the filter ${quote(key)} is empty, so it would let nothing pass`);
      return [key, items.flatMap((item) => readGlob(key, item, problems))];
    }),
  );
}

function readGlob(key: string, node: YamlNode, problems: Problems): readonly string[] {
  if (node.kind === 'scalar' && node.faulty) return [];
  const text = node.kind === 'scalar' && node.value !== null ? String(node.value) : '';
  // `**.ts` means files of any folder; to a glob `**` only does where it stands between slashes.
  if (text !== '' && text.length <= 1000 && isGlob(text)) return [text.replace(/(^|\/)\*\*(?=[^/*])/g, '$1**/*')];
  problems.error('bad-filter', node, `the filter ${quote(key)} takes texts or globs, not ${describe(node)}`);
  return [];
}

function isGlob(text: string): boolean {
  try {
    picomatch(text, { strictBrackets: true });
    return true;
  } catch {
    return false;
  }
}
