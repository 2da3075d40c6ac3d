import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { BatonError } from '../domain/errors.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** What Baton takes from its environment. TEMPORAL_* beyond these two are read by Temporal's own `envconfig`. */
export interface Environment {
  readonly dataDirectory: string;
  /** Where `setup` puts the programs that it fetches or builds. */
  readonly cacheDirectory: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Given: where people's browsers find Baton, without a slash at its end. */
  readonly baseUrl: string | undefined;
  /** Given: where workers reach the API, so that their agents can call Baton; without a slash at its end. */
  readonly apiUrl: string | undefined;
  /** Given: this database instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Given: this Temporal service instead of the embedded one. */
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string;
  readonly sandbox: 'on' | 'off';
  /** Days that an entry of the audit trail is kept; undefined: for ever. */
  readonly auditRetentionDays: number | undefined;
  /** How many activities of a worker may go on without one of its slots. */
  readonly background: number;
  /** Where a worker serves what it counts; undefined: nowhere. */
  readonly metricsPort: number | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Where databases of osv-scanner are downloaded from; without a slash at its end. */
  readonly osvDatabaseUrl: string;
}

// Shells and compose files set variables to nothing where they mean "not set".
const unsetWhenEmpty = (value: unknown) => (value === '' ? undefined : value);
const variable = <T extends z.ZodType>(schema: T) => z.preprocess(unsetWhenEmpty, schema);

const PORT_HINT = 'use a whole number from 0 to 65535; 0 picks a free port';
const port = z
  .string()
  .regex(/^\d{1,5}$/, PORT_HINT)
  .transform(Number)
  .refine((number) => number <= 65_535, PORT_HINT);

const webUrl = z
  .string()
  .refine(isWebUrl, 'use an address such as http://127.0.0.1:8080 or https://baton.example.com')
  .transform((url) => url.replace(/\/+$/, ''));

const environmentSchema = z.object({
  HOME: variable(z.string().optional()),
  XDG_DATA_HOME: variable(z.string().optional()),
  XDG_CACHE_HOME: variable(z.string().optional()),
  BATON_DATA_DIR: variable(z.string().optional()),
  BATON_CACHE_DIR: variable(z.string().optional()),
  BATON_HOST: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9.:-]+$/, 'use a host name or an address, such as 127.0.0.1 or 0.0.0.0')
      .default('127.0.0.1'),
  ),
  BATON_PORT: variable(port.default(8080)),
  BATON_METRICS_PORT: variable(port.optional()),
  BATON_URL: variable(webUrl.optional()),
  BATON_API_URL: variable(webUrl.optional()),
  DATABASE_URL: variable(
    z
      .string()
      .refine(isPostgresUrl, 'use a PostgreSQL address, such as postgres://user:password@host:5432/baton')
      .optional(),
  ),
  TEMPORAL_ADDRESS: variable(
    z
      .string()
      .regex(/^[^\s/]+:\d{1,5}$/, 'use host:port without a scheme, such as localhost:7233')
      .optional(),
  ),
  TEMPORAL_NAMESPACE: variable(z.string().default('default')),
  BATON_SANDBOX: variable(
    z.literal('off', { error: 'only "off" is known; leave it unset to keep agents in their sandbox' }).optional(),
  ),
  BATON_AUDIT_RETENTION_DAYS: variable(
    z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'use a whole number of days, 1 or more; unset keeps the audit trail for ever')
      .transform(Number)
      .optional(),
  ),
  BATON_BACKGROUND: variable(
    z
      .string()
      .regex(/^\d{1,4}$/, 'use a whole number from 0 to 9999')
      .transform(Number)
      .default(40),
  ),
  BATON_OSV_DATABASE_URL: variable(webUrl.default('https://osv-vulnerabilities.storage.googleapis.com')),
  BATON_LOG_LEVEL: variable(z.enum(LOG_LEVELS, { error: `use one of ${LOG_LEVELS.join(', ')}` }).default('info')),
});

/**
 * Reads Baton's settings from environment variables.
 * @throws BatonError `invalid-environment`, which names every variable that is wrong and what to do about it.
 */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const parsed = environmentSchema.safeParse(variables);
  if (!parsed.success) throw invalidEnvironment(variables, parsed.error);

  const env = parsed.data;
  const home = env.HOME ?? homedir();
  return {
    dataDirectory: resolve(env.BATON_DATA_DIR ?? join(env.XDG_DATA_HOME ?? join(home, '.local/share'), 'baton')),
    cacheDirectory: resolve(env.BATON_CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'baton')),
    host: env.BATON_HOST,
    port: env.BATON_PORT,
    baseUrl: env.BATON_URL,
    apiUrl: env.BATON_API_URL,
    databaseUrl: env.DATABASE_URL,
    temporalAddress: env.TEMPORAL_ADDRESS,
    temporalNamespace: env.TEMPORAL_NAMESPACE,
    sandbox: env.BATON_SANDBOX ?? 'on',
    auditRetentionDays: env.BATON_AUDIT_RETENTION_DAYS,
    background: env.BATON_BACKGROUND,
    metricsPort: env.BATON_METRICS_PORT,
    logLevel: env.BATON_LOG_LEVEL,
    osvDatabaseUrl: env.BATON_OSV_DATABASE_URL,
  };
}

function invalidEnvironment(variables: Readonly<Record<string, string | undefined>>, error: z.ZodError): BatonError {
  const problems = error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${name}${shown(name, variables[name])}: ${message}`;
  });
  return new BatonError('invalid-environment', `The environment is not usable. ${problems.join('. ')}.`, {
    details: { variables: error.issues.map(({ path }) => String(path[0])) },
  });
}

/** An address of a database may hold a password: its value is never repeated. */
const shown = (name: string, value: string | undefined) => (name === 'DATABASE_URL' ? '' : ` is "${value ?? ''}"`);

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
