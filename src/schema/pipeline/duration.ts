import { describe, type Field } from './fields.js';
import { quote, type Problems } from './diagnostic.js';

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const MAX_MS = 90 * UNIT_MS.d!;

/** `4h`, `1h30m`, `90s` in milliseconds. A bare number is refused: minutes to one reader are seconds to the next. */
export function readDuration(field: Field | undefined, problems: Problems): number | null {
  if (!field) return null;
  const { key, value } = field;
  if (value.kind === 'scalar' && typeof value.value === 'number') {
    const number = value.raw;
    problems.error(
      'bad-duration',
      value,
      `${quote(key)} needs a unit`,
      `write \`${number}m\` for minutes, or \`${number}s\`, \`${number}h\``,
    );
    return null;
  }
  const ms = value.kind === 'scalar' && typeof value.value === 'string' ? parseDuration(value.value) : null;
  if (ms === null) {
    problems.error(
      'bad-duration',
      value,
      `${quote(key)} is a duration, not ${describe(value)}`,
      'such as `90s`, `30m`, `4h`, `1h30m` or `7d`',
    );
    return null;
  }
  if (ms <= 0 || ms > MAX_MS) {
    problems.error(
      'bad-duration',
      value,
      `${quote(key)} is longer than nothing and at most 90 days, not ${describe(value)}`,
    );
    return null;
  }
  return ms;
}

/** Milliseconds of `1d2h3m4s5ms`, each part optional; null for any other text. */
function parseDuration(text: string): number | null {
  const parts = /^(?:(\d{1,6})d)? ?(?:(\d{1,6})h)? ?(?:(\d{1,6})m)? ?(?:(\d{1,6})s)? ?(?:(\d{1,9})ms)?$/.exec(
    text.trim(),
  );
  if (!parts || text.trim() === '') return null;
  const [, d, h, m, s, ms] = parts;
  return Object.entries({ d, h, m, s, ms }).reduce(
    (sum, [unit, count]) => sum + Number(count ?? 0) * UNIT_MS[unit]!,
    0,
  );
}
