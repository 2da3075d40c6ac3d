import type { StepFailure } from './work.js';

export const CHANNEL_KINDS = ['slack', 'discord', 'teams', 'mail', 'webhook', 'pager'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** A time of day at which a channel is silent, such as 22:00 to 07:00 in Europe/Berlin; urgent notices pass. */
export interface QuietHours {
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`; before `from`, it is that of the next day. */
  readonly to: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** One delivery of a notice: sent again by a person it is the next round. */
export interface NoticeRef {
  readonly organisationId: string;
  readonly noticeId: string;
  /** 1-based. */
  readonly round: number;
}

/** What the workflow of a notice calls. */
export interface NoticeActivities {
  /** How long the channel's quiet hours hold the notice from now on; 0 where it may go. */
  holdNotice(ref: NoticeRef): Promise<number>;
  /** Sends it, once; a failure that may pass is thrown as such. */
  sendNotice(ref: NoticeRef): Promise<void>;
  /** Puts it to the dead letters, with the reason. */
  buryNotice(request: NoticeRef & { readonly failure: StepFailure }): Promise<void>;
}

/** The workflow of one delivery: never two for the same. */
export const noticeWorkflowId = ({ noticeId, round }: NoticeRef): string =>
  round === 1 ? `notice/${noticeId}` : `notice/${noticeId}/${round}`;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * How long it is quiet from `nowMs` on; 0 where it is not. In the night in which clocks change it may be off by the change:
 * whoever waits asks again.
 */
export function quietMsLeft({ from, to, timeZone }: QuietHours, nowMs: number): number {
  const minute = minuteOfDay(timeZone, nowMs);
  const sinceStart = inDay(minute - minutesOf(from));
  const length = inDay(minutesOf(to) - minutesOf(from));
  return sinceStart < length ? (length - sinceStart) * MINUTE_MS - (nowMs % MINUTE_MS) : 0;
}

const inDay = (minutes: number): number => (minutes + DAY_MINUTES) % DAY_MINUTES;

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}

function minuteOfDay(timeZone: string, ms: number): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return minutesOf(format.format(ms));
}

/** The text of a template with `{{ name }}` replaced by the facts; what nobody knows is left out. */
export const fillIn = (template: string, facts: Readonly<Record<string, string | number | undefined>>): string =>
  template.replace(/\{\{ *([A-Za-z0-9_-]+) *\}\}/g, (_, name: string) => String(facts[name] ?? ''));
