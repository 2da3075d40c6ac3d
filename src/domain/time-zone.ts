/** A jump of a zone's clock: times between the two offsets do not exist that day. */
export interface Gap {
  /** The instant of the jump, milliseconds since 1970. */
  readonly at: number;
  /** The offsets from UTC before and after it. */
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** How far the clock of a zone is ahead of UTC at an instant. */
export function offsetMs(timeZone: string, atMs: number): number {
  const parts = formatOf(timeZone).formatToParts(atMs);
  const [year, month, day, hour, minute, second] = UNITS.map((unit) =>
    Number(parts.find(({ type }) => type === unit)!.value),
  );
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

const UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

const gaps = new Map<string, readonly Gap[]>();

/** The jumps forward of a zone's clock in a year (UTC). */
export function gapsOf(timeZone: string, year: number): readonly Gap[] {
  const key = `${timeZone} ${year}`;
  const known = gaps.get(key) ?? findGaps(timeZone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
  gaps.set(key, known);
  return known;
}

function findGaps(timeZone: string, begin: number, end: number): readonly Gap[] {
  const found: Gap[] = [];
  let before = offsetMs(timeZone, begin);
  for (let day = begin; day < end; day += DAY_MS) {
    const after = offsetMs(timeZone, day + DAY_MS);
    if (after > before) found.push({ at: firstWith(timeZone, after, day, day + DAY_MS), fromMs: before, toMs: after });
    before = after;
  }
  return found;
}

/** The first minute with an offset, of which the second instant has it and the first does not. */
function firstWith(timeZone: string, offset: number, lowMs: number, highMs: number): number {
  let [low, high] = [lowMs, highMs];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetMs(timeZone, middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  formats.set(timeZone, known);
  return known;
}
