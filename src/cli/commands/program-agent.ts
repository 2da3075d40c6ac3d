import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { knownPrograms, type KnownProgram } from '../../local/coding-programs.js';
import { TEAM, type TeamRole } from '../../local/team.js';
import { agentDefinition } from '../../schema/agent.js';
import { agent, savedAgent } from '../../schema/api/agent.js';
import { ownPermissions } from '../../schema/permissions.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { plain } from '../output/style.js';
import { inProject } from '../writing.js';

/** What people say of an agent that is a program; what is left out is the program's own. */
export interface ProgramOptions {
  readonly name?: string;
  readonly role?: readonly string[];
  readonly model?: string;
  readonly baseUrl?: string;
  readonly key?: readonly string[];
  readonly login?: boolean;
  readonly host?: readonly string[];
  readonly askFor?: readonly string[];
  readonly program?: string;
  readonly project?: string;
  readonly dryRun?: boolean;
}

type Definition = z.input<typeof agentDefinition>;

/**
 * The program that is meant, by its name; null: a file is. Throws `no-such-program` for a bare word that is neither, for
 * nobody means a file by it.
 */
export function findKnownProgram(what: string | undefined): KnownProgram | null {
  const known = knownPrograms();
  const program = known.find(({ name, command }) => what === name || what === command);
  if (program) return program;
  if (what === undefined || /[./\\]/.test(what) || existsSync(what)) return null;
  const names = known.map(({ name }) => name).join(', ');
  throw new CliError(
    EXIT.usage,
    'no-such-program',
    `Baton knows no program ${what}; it knows ${names}. Any other is registered by a YAML file: see docs/agents.md.`,
  );
}

/** Says that a file has no use for what is said of a program. */
export function refuseOptions(options: ProgramOptions & { readonly team?: boolean }): void {
  const [given] = Object.keys(options);
  if (given === undefined) return;
  const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new CliError(
    EXIT.usage,
    'not-of-a-file',
    `${flag} is said of a program; a file says all of its agents itself.`,
  );
}

/** An agent that was registered or, in a dry run, would be. */
export interface Registered {
  readonly definition: Definition;
  readonly isKnown: boolean;
  /** Null: it was a dry run. */
  readonly saved: z.infer<typeof savedAgent> | null;
}

/** Registers a program as an agent. Facts of a known agent that the options do not name stay as they are. */
export async function addProgramAgent(
  context: Context,
  command: Command,
  program: KnownProgram,
  options: ProgramOptions,
): Promise<void> {
  const registered = await register(context, program, options);
  const { definition } = registered;
  say(context, command, { items: registered.saved ? [registered.saved] : [], agents: [definition] }, () => [
    ...plain(stringify(definition)).trimEnd().split('\n'),
    '',
    outcome(registered),
    needs(program, options),
  ]);
}

/**
 * Registers one agent of the program for each role that the shipped pipelines ask for. Nothing is registered when the name
 * of one is taken by an agent of another program.
 *
 * @param known what becomes of agents that are there already.
 */
export async function registerTeam(
  context: Context,
  program: KnownProgram,
  options: ProgramOptions,
  known: 'keep' | 'update' = 'update',
): Promise<readonly Registered[]> {
  const members = TEAM.map((of) => ({ ...options, name: memberName(program, of), role: [of.role], of }));
  const planned: Registered[] = [];
  for (const { of, ...member } of members)
    planned.push(await register(context, program, { ...member, dryRun: true }, of));
  const registered: Registered[] = [];
  for (const [index, { of, ...member }] of members.entries()) {
    const plan = planned[index]!;
    registered.push(known === 'keep' && plan.isKnown ? plan : await register(context, program, member, of));
  }
  return registered;
}

export const memberName = ({ name }: Pick<KnownProgram, 'name'>, { role }: Pick<TeamRole, 'role'>): string =>
  `${name}-${role}`;

/** `baton agents add PROGRAM --team`. */
export async function addTeam(
  context: Context,
  command: Command,
  program: KnownProgram,
  options: ProgramOptions,
): Promise<void> {
  const given = (['name', 'role'] as const).find((key) => options[key] !== undefined);
  if (given)
    throw new CliError(
      EXIT.usage,
      'not-of-a-team',
      `--${given} belongs to one agent; a team has one agent for each role, with names of its own. Leave out --${given} or --team.`,
    );
  const registered = await registerTeam(context, program, options);
  say(context, command, toJson(registered), () => [...teamLines(registered), needs(program, options)]);
}

const toJson = (registered: readonly Registered[]) => ({
  items: registered.flatMap(({ saved }) => saved ?? []),
  agents: registered.map(({ definition }) => definition),
});

const teamLines = (registered: readonly Registered[]): readonly string[] => registered.map(outcome);

async function register(
  context: Context,
  program: KnownProgram,
  options: ProgramOptions,
  role?: TeamRole,
): Promise<Registered> {
  const { project, dryRun = false } = options;
  const known = await findAgent(context, options.name ?? program.name, project);
  if (known && known.adapter !== program.name)
    throw new CliError(
      EXIT.failed,
      'name-taken',
      `There is an agent ${known.name} already, with the adapter ${known.adapter}: give this one another name with --name.`,
    );
  const definition = definitionOf(program, options, known, role);
  const saved = dryRun
    ? null
    : await context.client().post('/api/agents', savedAgent, { body: { ...definition, project } });
  return { definition, isKnown: known !== null, saved };
}

async function findAgent(context: Context, name: string, project: string | undefined) {
  try {
    return await context.client().get(inProject(`/api/agents/${encodeURIComponent(name)}`, project), agent);
  } catch (error) {
    if (error instanceof CliError && error.code === 'agent-not-found') return null;
    throw error;
  }
}

function definitionOf(
  program: KnownProgram,
  options: ProgramOptions,
  known: z.infer<typeof agent> | null,
  teamRole: TeamRole | undefined,
): Definition {
  const { name = program.name, role, model, baseUrl, key, login, host, askFor, program: path } = options;
  const type = agentDefinition.shape.type.safeParse(program.name);
  const permissions = known ? ownPermissions(known.permissions) : (teamRole?.permissions ?? {});
  return {
    name,
    type: type.data ?? 'custom',
    kind: 'LLM',
    adapter: program.name as Definition['adapter'],
    roles: [...(role ?? known?.roles ?? ['developer'])],
    description: known?.description ?? (teamRole ? `${program.title}. ${teamRole.description}` : program.title),
    version: known?.version ?? '1',
    riskLevel: known?.riskLevel ?? 'AUTO',
    capabilities: (known?.capabilities ?? []) as Definition['capabilities'],
    ...(Object.keys(permissions).length > 0 && { permissions }),
    ...(known && Object.keys(known.limits).length > 0 && { limits: known.limits as Definition['limits'] }),
    // All of it is said anew: nobody is shown how an agent is started.
    entry: {
      ...(path !== undefined && { program: resolve(path) }),
      ...(model !== undefined && { model }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(key && { keys: [...key] }),
      ...(login && { signIn: 'login' }),
      ...(host && { hosts: [...host] }),
      ...(askFor && { askFor: [...askFor] }),
    },
  };
}

function outcome({ definition: { name }, isKnown, saved }: Registered): string {
  if (!saved) return `${name} is not registered: this was a dry run`;
  return isKnown ? `${name} is brought up to date` : `${name} is registered`;
}

function needs(
  { command, keys, login }: KnownProgram,
  { key, login: byLogin, baseUrl, program }: ProgramOptions,
): string {
  const there = program === undefined ? `${command} on its PATH` : resolve(program);
  if (byLogin && login) return `the worker needs ${there}, and a login: ${login.how}; see: baton doctor`;
  const variables = key ?? (baseUrl === undefined ? keys : []);
  const with_ = variables.length > 0 ? `, and ${variables.join(' and ')} in its environment` : '';
  return `the worker needs ${there}${with_}; see: baton doctor`;
}
