import classes from './activity.module.css';

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** The time of day; the whole of it in its title. */
export function ClockTime({ at }: { readonly at: string }) {
  const time = new Date(at);
  return (
    <time className={classes['time']} dateTime={at} title={WHOLE.format(time)}>
      {CLOCK.format(time)}
    </time>
  );
}
