import { useNow } from './clock';

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const ABSOLUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DAY_AND_CLOCK = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

interface AgoProps {
  readonly time: string;
  /** Says the exact time as well, for those who have no pointer to ask for it. */
  readonly exact?: boolean;
}

/** How long ago it was, or when it will be; the exact time in its title. */
export function Ago({ time, exact = false }: AgoProps) {
  const now = useNow();
  const at = new Date(time);
  return (
    <time dateTime={time} title={ABSOLUTE.format(at)}>
      {relative(at.getTime(), now)}
      {exact && ` (${(isSameDay(at, new Date(now)) ? CLOCK : DAY_AND_CLOCK).format(at)})`}
    </time>
  );
}

const isSameDay = (one: Date, other: Date): boolean => one.toDateString() === other.toDateString();

function relative(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1_000);
  if (Math.abs(seconds) < 5) return 'just now';
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

interface DurationProps {
  readonly from: string | null;
  /** Null: it still goes on. */
  readonly to: string | null;
  /** Its largest unit only, where there is little room. */
  readonly coarse?: boolean;
}

/** How long something took, or has taken so far. */
export function Duration({ from, to, coarse = false }: DurationProps) {
  const now = useNow(from !== null && to === null);
  if (from === null) return <span title="It has not started">–</span>;
  const ms = (to === null ? now : Date.parse(to)) - Date.parse(from);
  const text = formatDuration(ms);
  return (
    <span title={`from ${ABSOLUTE.format(new Date(from))}`}>
      {coarse ? text.split(' ').slice(0, 2).join(' ') : text}
    </span>
  );
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
}
