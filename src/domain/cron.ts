import { gapsOf, offsetMs } from './time-zone.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const DAYS = WEEKDAYS.map((day) => day.slice(0, 3));

const FIELDS = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 7, names: DAYS },
] as const;
type CronField = (typeof FIELDS)[number];

const MINUTE_MS = 60_000;
const PARTS = /\s+/;

/** What is wrong with a cron expression of five fields, as a sentence; null when nothing is. */
export function refuseCron(cron: string): string | null {
  const parts = cron.trim().split(PARTS);
  if (parts.length !== FIELDS.length)
    return `a cron expression has five fields (minute hour day month weekday), this one has ${parts.length}`;
  for (const [index, field] of FIELDS.entries()) {
    if (valuesOf(parts[index]!, field) === null)
      return `${parts[index]!} is no ${field.name} (${field.min} to ${field.max})`;
  }
  return null;
}

/**
 * The times of an expression as Temporal has to be told them, where all fields of an expression have to hold. In cron a
 * restricted day of the month and a restricted day of the week are alternatives: see crontab(5). A time that the clock of
 * the zone skips in the given years is moved to the next time that exists, by an expression with the year at its end.
 */
export function temporalCrons(
  cron: string,
  timeZone: string,
  { from, years }: { readonly from: number; readonly years: number },
): readonly string[] {
  const skipped = Array.from({ length: years }, (_, ahead) => skippedTimes(cron, timeZone, from + ahead));
  return [...conjunctiveCrons(cron), ...skipped.flat()];
}

function conjunctiveCrons(cron: string): readonly string[] {
  const [minute, hour, day, month, weekday] = cron.trim().split(PARTS) as [string, string, string, string, string];
  if (isOpen(day) || isOpen(weekday)) return [cron];
  return [`${minute} ${hour} ${day} ${month} *`, `${minute} ${hour} * ${month} ${weekday}`];
}

function skippedTimes(cron: string, timeZone: string, year: number): readonly string[] {
  const matches = matcher(cron);
  return gapsOf(timeZone, year).flatMap(({ at, fromMs, toMs }) => {
    const next = new Date(at + toMs);
    for (let civil = at + fromMs; civil < next.getTime(); civil += MINUTE_MS)
      if (matches(new Date(civil))) return [dated(next)];
    return [];
  });
}

/** An expression for one time of the clock. */
const dated = (civil: Date): string =>
  [
    civil.getUTCMinutes(),
    civil.getUTCHours(),
    civil.getUTCDate(),
    civil.getUTCMonth() + 1,
    '*',
    civil.getUTCFullYear(),
  ].join(' ');

/**
 * Whether an instant is the second one of the same time of the clock, as the clock was put back. Expressions for every hour
 * count on: they mean hours that pass.
 */
export function isRepeated(cron: string, timeZone: string, atMs: number): boolean {
  if (isOpen(cron.trim().split(PARTS)[1]!)) return false;
  const offset = offsetMs(timeZone, atMs);
  return BACK_MS.some((back) => offsetMs(timeZone, atMs - back) - offset === back);
}

/** By how much clocks are put back. */
const BACK_MS = [30, 60, 120].map((minutes) => minutes * MINUTE_MS);

/** Tells of a time of the clock, in the UTC fields of a date, whether the expression means it. */
function matcher(cron: string): (civil: Date) => boolean {
  const parts = cron.trim().split(PARTS);
  const [minutes, hours, days, months, weekdays] = FIELDS.map((field, index) => valuesOf(parts[index]!, field)!);
  const isAlternative = !isOpen(parts[2]!) && !isOpen(parts[4]!);
  return (civil) => {
    const isDay = days!.has(civil.getUTCDate());
    const isWeekday = weekdays!.has(civil.getUTCDay());
    return (
      minutes!.has(civil.getUTCMinutes()) &&
      hours!.has(civil.getUTCHours()) &&
      months!.has(civil.getUTCMonth() + 1) &&
      (isAlternative ? isDay || isWeekday : isDay && isWeekday)
    );
  };
}

/** Whether a field restricts nothing by itself: `*`, or steps of it. */
const isOpen = (part: string): boolean => part.startsWith('*');

/** What a field allows, Sunday as 0; null where it is none. */
function valuesOf(part: string, field: CronField): ReadonlySet<number> | null {
  const values = new Set<number>();
  for (const range of part.split(',')) {
    const found = rangeOf(range, field);
    if (!found) return null;
    for (let value = found.low; value <= found.high; value += found.stride)
      values.add(field.max === 7 ? value % 7 : value);
  }
  return values;
}

function rangeOf(part: string, { min, max, names }: CronField) {
  const match = /^(?:\*|([a-z0-9]{1,3})(?:-([a-z0-9]{1,3}))?)(?:\/(\d{1,2}))?$/i.exec(part);
  if (!match) return null;
  const [, first, last, every] = match;
  const stride = every === undefined ? 1 : Number(every);
  if (stride < 1) return null;
  if (first === undefined) return { low: min, high: max, stride };
  const valueOf = (text: string): number => {
    const named = (names as readonly string[]).indexOf(text.toLowerCase());
    return named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : NaN;
  };
  const low = valueOf(first);
  // As Temporal has it, a value with a stride goes on to the end.
  const high = last !== undefined ? valueOf(last) : every === undefined ? low : max;
  return low >= min && high <= max && low <= high ? { low, high, stride } : null;
}
