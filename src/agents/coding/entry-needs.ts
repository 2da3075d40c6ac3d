import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { hostOf, type StepSandbox } from '../../domain/sandbox-settings.js';
import type { AllowedHost } from '../../sandbox/policy.js';
import type { ProgramEntry } from '../../schema/coding-entry.js';
import type { AgentContext, AgentOutcome } from '../harness.js';
import type { CodingProgram } from './coding-program.js';
import { signInBy, type SignedIn } from './login.js';
import { findInstalled, type Installed } from './find-installed.js';

/** What an entry needs is there: its program and its keys. */
export interface Found {
  readonly installed: Installed;
  readonly keys: Readonly<Record<string, string>>;
  /** Null: it has a key, or needs neither. */
  readonly login: SignedIn | null;
}

/** Finds what an entry needs to run on this worker, or says which of it is missing. */
export function findNeeds(
  program: CodingProgram,
  entry: ProgramEntry,
  context: AgentContext,
): Found | Extract<AgentOutcome, { kind: 'failed' }> {
  const installed = findInstalled(entry.program ?? program.command, context.secrets['PATH']);
  if (!installed) return missing('program-missing', `${program.title} is not on this worker: ${program.install}.`);
  if (entry.askFor.length > 0 && !program.abilities.approvals)
    return missing(
      'approvals-unsupported',
      `${program.title} cannot ask before it acts: leave askFor out of the agent's entry, or take an agent that can.`,
    );
  const heeded = entry.trustRepository === true ? null : heededIn(program, context);
  if (heeded !== null)
    return missing(
      'trust-needed',
      `${program.title} heeds ${heeded}: set trustRepository in the agent's entry where they are trusted, or take another program.`,
    );
  const keys = keysOf(program, entry, context);
  if (typeof keys === 'string') return missing('key-missing', keys);
  const login = entry.signIn === 'login' ? loginOf(program, entry, context) : null;
  return typeof login === 'string' ? missing('login-missing', login) : { installed, keys, login };
}

/** What of the repository the program cannot be kept from; null: nothing. */
function heededIn({ needsTrust }: CodingProgram, { policy }: AgentContext): string | null {
  if (needsTrust === undefined) return null;
  if (needsTrust === true) return "the repository's own settings and hooks";
  const isThere = (name: string) =>
    lstatSync(join(policy.workspace.path, name), { throwIfNoEntry: false }) !== undefined;
  const there = needsTrust.filter(isThere);
  return there.length === 0 ? null : `the repository's own ${there.join(' and ')}`;
}

/** Variables that hold its keys, the provider's first. */
export const keyNames = (program: CodingProgram, { keys, baseUrl, signIn }: ProgramEntry): readonly string[] =>
  keys ?? (baseUrl === null && signIn !== 'login' ? program.keys : []);

/** The login that an entry asks for, as its program starts with it, or what is missing. */
function loginOf(
  { title, login }: CodingProgram,
  { baseUrl }: ProgramEntry,
  { secrets, isolation }: AgentContext,
): SignedIn | string {
  if (!login)
    return `Baton cannot sign ${title} in with a login: leave signIn out of the agent's entry, and use a key.`;
  const found = login.find(secrets);
  if (typeof found === 'string') return found;
  return (
    signInBy(login, found, { baseUrl, hasSandbox: isolation !== 'off' }) ??
    `${title} gets its login from outside its sandbox, and BATON_SANDBOX=off has none: use a key.`
  );
}

function keysOf(program: CodingProgram, entry: ProgramEntry, { secrets }: AgentContext) {
  const names = keyNames(program, entry);
  const absent = names.filter((name) => !secrets[name]);
  if (absent.length > 0)
    return `${program.title} needs its key: set ${absent.join(' and ')} in the environment of the worker.`;
  return Object.fromEntries(names.map((name) => [name, secrets[name]!]));
}

/** Its model's, and of the others of its entry those that the step leaves it. */
export function hostsOf(
  program: CodingProgram,
  { baseUrl, hosts: all }: ProgramEntry,
  login: SignedIn | null,
  step: StepSandbox = {},
): readonly AllowedHost[] {
  const hosts = (step.hosts as readonly AllowedHost[] | undefined) ?? all;
  // Its model is asked outside then.
  if (login && Object.keys(login.doors).length > 0) return hosts;
  if (baseUrl === null) return [...program.hosts, ...hosts];
  return [hostOf(baseUrl), ...hosts];
}

const missing = (code: string, message: string) =>
  ({ kind: 'failed', code, message, retryable: false, usage: null }) as const;
