import { z } from 'zod';
import { CHANNEL_KINDS } from '../domain/notice.js';

/** `#security`, `team-mail`, `@maya` for what reaches one person. */
export const channelName = z
  .string()
  .regex(
    /^[#@]?[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/,
    'is lower-case letters, digits and . _ -, at most 63, after # or @ if you like',
  );

/** Only these are read from a worker's environment: no channel can be pointed at another secret of it. */
export const secretEnv = z
  .string()
  .regex(/^BATON_CHANNEL_[A-Z0-9_]{1,80}$/, 'is a variable of the worker whose name begins with BATON_CHANNEL_');

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time of day such as 22:00');
const isTimeZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};

export const quietHours = z
  .strictObject({
    from: time,
    to: time,
    timeZone: z.string().max(60).refine(isTimeZone, 'is a time zone such as Europe/Berlin or UTC'),
  })
  .refine(({ from, to }) => from !== to, 'from and to are different times');

const webUrl = z.url({ protocol: /^https?$/, error: 'is an http or https address' }).max(1_000);
export const mailAddress = z
  .string()
  .max(320)
  .regex(/^[^\s<>@,;]+@[^\s<>@,;]+$/, 'is a mail address');

/** What each kind of channel is told. No secret among it: those stay in the workers' environment. */
export const CHANNEL_SETTINGS = {
  slack: z.strictObject({
    channel: z.string().min(1).max(80).optional().describe("Slack's id or name of it; its own name where left out"),
    apiUrl: webUrl.default('https://slack.com/api'),
  }),
  discord: z.strictObject({ username: z.string().min(1).max(80).optional() }),
  teams: z.strictObject({}),
  mail: z.strictObject({
    host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'is the name or address of a mail server'),
    port: z.int().min(1).max(65_535),
    encryption: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    user: z.string().min(1).max(320).optional().describe('Signs in with the secret as password'),
    from: mailAddress,
    to: z.array(mailAddress).min(1).max(50).describe('Whom its mails go to, where a step names no `recipients`'),
  }),
  webhook: z.strictObject({
    url: webUrl,
    signature: z.enum(['standard-webhooks', 'hmac-sha256']).default('standard-webhooks'),
  }),
  pager: z.strictObject({
    apiUrl: webUrl.default('https://events.pagerduty.com'),
    severity: z.enum(['critical', 'error', 'warning', 'info']).default('critical'),
  }),
} as const;

const shared = { name: channelName, quietHours: quietHours.nullish() };
const withSecret = { ...shared, secretEnv };

/** A channel as a person gives it. */
export const channelDefinition = z.discriminatedUnion('kind', [
  z.strictObject({ ...withSecret, kind: z.literal('slack'), settings: CHANNEL_SETTINGS.slack.prefault({}) }),
  z.strictObject({ ...withSecret, kind: z.literal('discord'), settings: CHANNEL_SETTINGS.discord.prefault({}) }),
  z.strictObject({ ...withSecret, kind: z.literal('teams'), settings: CHANNEL_SETTINGS.teams.prefault({}) }),
  z
    .strictObject({
      ...shared,
      kind: z.literal('mail'),
      settings: CHANNEL_SETTINGS.mail,
      secretEnv: secretEnv.nullish(),
    })
    .refine(({ settings, secretEnv: secret }) => settings.user === undefined || typeof secret === 'string', {
      path: ['secretEnv'],
      error: 'names the password that the user signs in with',
    }),
  z.strictObject({ ...withSecret, kind: z.literal('webhook'), settings: CHANNEL_SETTINGS.webhook }),
  z.strictObject({ ...withSecret, kind: z.literal('pager'), settings: CHANNEL_SETTINGS.pager.prefault({}) }),
]);

const kept = <K extends keyof typeof CHANNEL_SETTINGS>(kind: K) =>
  z.object({ kind: z.literal(kind), settings: CHANNEL_SETTINGS[kind] });

/** A channel's settings by its kind, as they lie in the database. */
export const keptChannel = z.discriminatedUnion('kind', [
  kept('slack'),
  kept('discord'),
  kept('teams'),
  kept('mail'),
  kept('webhook'),
  kept('pager'),
]);

export type ChannelSettings<K extends keyof typeof CHANNEL_SETTINGS> = z.infer<(typeof CHANNEL_SETTINGS)[K]>;
export const channelKind = z.enum(CHANNEL_KINDS);
