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

/** What is wrong with a cron expression of five fields, as a sentence; null when nothing is. */
export function refuseCron(cron: string): string | null {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== FIELDS.length)
    return `a cron expression has five fields (minute hour day month weekday), this one has ${parts.length}`;
  for (const [index, field] of FIELDS.entries()) {
    if (!parts[index]!.split(',').every((part) => isRange(part, field))) {
      return `${parts[index]!} is no ${field.name} (${field.min} to ${field.max})`;
    }
  }
  return null;
}

function isRange(part: string, { min, max, names }: (typeof FIELDS)[number]): boolean {
  const match = /^(?:\*|([a-z0-9]{1,3})(?:-([a-z0-9]{1,3}))?)(?:\/(\d{1,2}))?$/i.exec(part);
  if (!match) return false;
  const [, first, last, stride] = match;
  if (stride !== undefined && Number(stride) < 1) return false;
  if (first === undefined) return true;
  const valueOf = (text: string): number => {
    const named = (names as readonly string[]).indexOf(text.toLowerCase());
    return named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : NaN;
  };
  const low = valueOf(first);
  const high = last === undefined ? low : valueOf(last);
  return low >= min && high <= max && low <= high;
}
