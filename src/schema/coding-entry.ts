import { z } from 'zod';
import { CONTEXT_TOKENS } from '../domain/context/budget.js';
import { ASKED_KINDS } from '../domain/permission-request.js';
import { isAllowedHost, PROXY_PORT } from '../domain/sandbox-settings.js';
import { sandboxSettings, secretVariable } from './agent-entry.js';
import { priceProvider } from './price-provider.js';

const FIRST_FREE_PORT = 1_024;
const LAST_PORT = 65_535;

/** Why a port of a host cannot be reached from the sandbox; null: it can. Ports of loopback are where they are outside. */
function refusePort(host: string, port: number): string | null {
  if (port < 1 || port > LAST_PORT) return `has a port from 1 to ${LAST_PORT}`;
  if (!/^(?:localhost|127\.0\.0\.1)\.?$/i.test(host)) return null;
  return port < FIRST_FREE_PORT || port === PROXY_PORT
    ? `is a port of loopback that no program in the sandbox can have: let it listen at one from ${FIRST_FREE_PORT}, and not at ${PROXY_PORT}`
    : null;
}

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 } as const;

const allowedHost = z
  .templateLiteral([z.string(), ':', z.number()])
  .refine(isAllowedHost, { error: 'is such as api.example.com:443', abort: true })
  .superRefine((text, context) => {
    const [host, port] = text.split(':');
    const message = refusePort(host!, Number(port));
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const baseUrl = z
  .string()
  .refine((url) => URL.canParse(url) && /^https?:\/\/[^/@]+/.test(url), {
    error: 'is such as https://api.example.com/v1',
    abort: true,
  })
  .superRefine((url, context) => {
    const { hostname, port, protocol } = new URL(url);
    const usual = DEFAULT_PORTS[protocol as keyof typeof DEFAULT_PORTS];
    const message = refusePort(hostname, port === '' ? usual : Number(port));
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** The entry of an agent that is a program which people use to write code. What is left out is the program's own. */
export const codingEntry = z.strictObject({
  /** Where the program lies on the worker's host; null: its command on the worker's PATH. */
  program: z.string().startsWith('/').nullable().default(null),
  model: z.string().min(1).max(200).nullable().default(null),
  /** Variables of the worker's environment that hold its keys: the first is the provider's. */
  keys: z.array(secretVariable).max(10).optional(),
  /** What it signs in with: a key of its provider, or somebody's login with it. */
  signIn: z.enum(['key', 'login']).default('key'),
  /** Where its model answers; may be reached without being named in `hosts`. */
  baseUrl: baseUrl.nullable().default(null),
  priceProvider,
  /** What else it may reach. */
  hosts: z.array(allowedHost).max(100).default([]),
  /** Whether the repository's own settings for the program, hooks and servers among them, are heeded. */
  trustRepository: z.boolean().default(false),
  /** What it asks people before it does it; nothing where left out: what it may touch is up to its sandbox. */
  askFor: z
    .array(z.enum(ASKED_KINDS))
    .refine((kinds) => new Set(kinds).size === kinds.length, 'names a kind twice')
    .default([]),
  /** What it is told at the beginning of an attempt, in tokens: what does not fit is cut or left out, and says so. */
  contextTokens: z.number().int().min(CONTEXT_TOKENS.min).max(CONTEXT_TOKENS.max).default(20_000),
  sandbox: sandboxSettings.default({}),
});

/** The same of a program that cannot ask before it acts. */
export const entryThatAsksNobody = (title: string) =>
  codingEntry.superRefine(({ askFor }, context) => {
    if (askFor.length === 0) return;
    const message = `is not for ${title}, which cannot ask before it acts: Claude Code (claude) can, and programs that speak the Agent Client Protocol (acp)`;
    context.addIssue({ code: 'custom', message, path: ['askFor'] });
  });

/** The same of a program that Baton cannot sign in with a login either. */
export const entryWithKey = (title: string) =>
  entryThatAsksNobody(title).superRefine(({ signIn }, context) => {
    if (signIn === 'key') return;
    const message = `is not for ${title}, which Baton signs in with a key only: Claude Code (claude), Codex (codex) and GitHub Copilot CLI (copilot) can have a login`;
    context.addIssue({ code: 'custom', message, path: ['signIn'] });
  });

export type CodingEntry = z.infer<typeof codingEntry>;
/** What the entries of all such programs have. */
export type ProgramEntry = Omit<CodingEntry, 'model' | 'priceProvider' | 'signIn' | 'trustRepository'> &
  Partial<Pick<CodingEntry, 'model' | 'signIn' | 'trustRepository'>>;
