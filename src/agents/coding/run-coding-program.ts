import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { z } from 'zod';
import { permissionsOf } from '../../domain/permission-request.js';
import { AGENT_HOME, WORKSPACE, type ReadOnlyBind } from '../../sandbox/policy.js';
import { TOOLCHAIN_ROOT } from '../../sandbox/toolchain.js';
import { codingEntry, type ProgramEntry } from '../../schema/coding-entry.js';
import type { AgentContext, AgentOutcome, AgentRequest, Conversation, Harness } from '../harness.js';
import { NOTHING_SPENT } from '../../domain/usage.js';
import { fingerprintOf } from '../fingerprint.js';
import { parseEntry } from '../parse-entry.js';
import { withLimits } from '../with-limits.js';
import type { CodingProgram, Launch } from './coding-program.js';
import { findNeeds, hostsOf, keyNames, type Found } from './entry-needs.js';
import { outcomeOf } from './outcome-of.js';
import { withGuard, type GuardFolder } from './guard.js';
import { Leaving } from './leaving.js';
import { tellLogin } from './login.js';
import { promptOf, type Prompt } from './prompt.js';
import { archiveSession, restoreSession } from './sessions.js';
import { openTools } from './tools.js';
import { readReport, writeFiles } from './home-files.js';
import { Hearing } from './hearing.js';
import { ProgramWatch } from './watch.js';

/** The harness of a program that people use to write code. */
export const codingHarness = (program: CodingProgram): Harness =>
  codingHarnessBy(program.name, codingEntry, () => program);

/** The same of a program that its agent's entry describes. */
export const codingHarnessBy = <E extends ProgramEntry>(
  adapter: string,
  schema: z.ZodType<E>,
  programOf: (entry: E) => CodingProgram,
): Harness => ({
  account(entry, environment) {
    const { data } = schema.safeParse(entry);
    if (!data) return null;
    const program = programOf(data);
    if (data.signIn === 'login') {
      const login = program.login?.find(environment);
      if (!login || typeof login === 'string') return null;
      return { name: program.provider, fingerprint: fingerprintOf(login.account) };
    }
    const [name] = keyNames(program, data);
    // Without a key it is the address that takes no more.
    const value = name === undefined ? (data.baseUrl ?? '') : environment[name];
    if (value === undefined) return null;
    return { name: program.provider, fingerprint: fingerprintOf(value) };
  },
  async run(entry, request, context) {
    const parsed = parseEntry(schema, entry, adapter);
    const program = programOf(parsed);
    const found = findNeeds(program, parsed, context);
    if ('kind' in found) return found;
    return withGuard(context.isolation, (guard) =>
      work(program, parsed, { ...found, guard }, request, withLimits(context, parsed.sandbox)),
    );
  },
});

/** A program with which everything is said has so long to leave by itself. */
const LEAVE_MS = 3_000;
/** The same after it has submitted: it still hears so from its model, and tells what it cost. */
const SUBMITTED_MS = 15_000;

function tellPrompt(prompt: Prompt, budget: number, context: AgentContext): void {
  const { tokens, leftOut, cut } = prompt;
  const missing = [...cut.map((name) => `cut ${name}`), ...leftOut.map((name) => `left out ${name}`)];
  context.log(
    `told about ${tokens} of at most ${budget} tokens${missing.length === 0 ? '' : `: ${missing.join(', ')}`}`,
  );
  context.told?.(prompt);
}

async function work(
  program: CodingProgram,
  entry: ProgramEntry,
  { installed, keys, login, guard }: Found & { readonly guard: GuardFolder },
  request: AgentRequest,
  context: AgentContext,
): Promise<AgentOutcome> {
  // Without its files a conversation cannot go on: it begins anew, told all that there is to know.
  const session = await takeUp(program, request, guard, context);
  const leaving = new Leaving();
  const tools = program.abilities.mcp ? await openTools(context, () => leaving.in(SUBMITTED_MS)) : null;
  const told = { hasTools: tools !== null, budget: context.contextTokens ?? entry.contextTokens };
  const prompt = promptOf({ ...request, session }, told);
  tellPrompt(prompt, told.budget, context);
  const launch: Launch = {
    ...placeOf(context),
    ...askingOf(entry, request, { session, guard }, context),
    prompt: prompt.text,
    promptIf: ({ goesOn, hasTools }) =>
      promptOf({ ...request, session: goesOn ? session : null }, { ...told, hasTools }).text,
    session,
    spent: session === null ? NOTHING_SPENT : context.session.spent,
    newSession: randomUUID(),
    mode: request.mode,
    model: entry.model ?? null,
    baseUrl: login ? login.baseUrl : entry.baseUrl,
    isSignedIn: login !== null,
    key: login ? null : (Object.entries(keys).map(([name, value]) => ({ name, value }))[0] ?? null),
    trustsRepository: entry.trustRepository ?? false,
    mcp: tools?.server ?? null,
  };
  if (login) context.log(tellLogin(login));
  const started = program.launch(launch);
  await writeFiles(context.policy.home, started);
  await guard.write(started.guarded ?? {});
  const reader = program.reader(launch);
  const watch = new ProgramWatch(context.silenceMs);
  const watched: AgentContext = {
    ...context,
    event: (event) => {
      context.event(event);
      watch.see(event);
    },
  };
  const hearing = new Hearing(reader, watched, () => {
    watch.heard();
    if (reader.isOver?.()) leaving.in(program.settlesMs ?? 0);
  });
  const archive = async (): Promise<Conversation | null> => {
    const { session: name } = reader.conclude(null);
    const files = name === null ? null : await archiveSession(program.sessionPaths(name), context);
    return files && { name: name!, archive: files };
  };
  context.progress.conversing(archive);
  const talk = async (input: Writable): Promise<void> => {
    await reader.talk?.((line) => void input.write(line));
    input.end();
    leaving.in(LEAVE_MS);
  };
  const result = await context.execute(
    {
      argv: [context.isolation === 'off' ? installed.hostPath : installed.path, ...started.argv],
      env: { ...started.env, ...keys, ...login?.env, ...tools?.env },
      ...(started.stdin !== undefined && { stdin: started.stdin }),
      ...(reader.talk && { onInput: (input) => void talk(input) }),
      timeoutMs: context.timeoutMs,
      signal: AbortSignal.any([context.signal, watch.signal, leaving.signal]),
      maxOutputBytes: 0,
      onOutput: (stream, chunk) => hearing.push(stream, chunk),
      onConnection: (to) => context.log(`network: connected to ${to}`),
    },
    {
      ...context.policy,
      network: {
        allow: hostsOf(program, entry, login, context.sandbox),
        ...((tools ?? login) && { doors: { ...login?.doors, ...tools?.doors } }),
      },
      readOnly: [
        ...(context.policy.readOnly ?? []),
        ...guard.binds,
        ...installed.binds,
        ...keptOut(program, entry, guard, context),
      ],
    },
  );
  reader.hangUp?.();
  leaving.close();
  watch.close();
  hearing.end();
  const conclusion = reader.conclude(await readReport(program, context));
  if (program.report !== undefined && conclusion.usage) context.event({ type: 'usage', ...conclusion.usage });
  const last = await archive();
  if (last) await context.session.keep(last);
  const end = { conclusion, result, stuck: watch.stuck, wasOver: leaving.signal.aborted };
  return outcomeOf(program, end, request, context);
}

async function takeUp(
  { mends }: CodingProgram,
  { session }: AgentRequest,
  guard: GuardFolder,
  context: AgentContext,
): Promise<string | null> {
  if (session === null) return null;
  const mend = mends === undefined ? ['true'] : guard.command(mends, placeOf(context).node, session);
  return (await restoreSession(context, mend, guard.binds)) ? session : null;
}

/** What stands in the places of folders that the program would leave, and of files that it would take as orders. */
function keptOut(
  { leaves = [], hides = [] }: CodingProgram,
  { trustRepository = false }: ProgramEntry,
  { empty, emptyFile }: GuardFolder,
  { policy }: AgentContext,
): ReadOnlyBind[] {
  const { path, writable } = policy.workspace;
  const left = writable ? leaves : [];
  const hidden = trustRepository ? [] : hides.filter((name) => existsSync(join(path, name)));
  return [
    ...left.map((name) => ({ source: empty, target: `${WORKSPACE}/${name}` })),
    ...hidden.map((name) => ({ source: emptyFile, target: `${WORKSPACE}/${name}` })),
  ];
}

/** Where things lie for the program. */
const placeOf = ({ isolation, policy }: AgentContext): Pick<Launch, 'home' | 'workspace' | 'node'> =>
  isolation === 'off'
    ? { home: policy.home, workspace: policy.workspace.path, node: process.execPath }
    : { home: AGENT_HOME, workspace: WORKSPACE, node: `${TOOLCHAIN_ROOT}/bin/node` };

/** What the program still has to ask before it does it, and what people have answered. */
function askingOf(
  { askFor }: ProgramEntry,
  { answers }: AgentRequest,
  { session, guard }: { readonly session: string | null; readonly guard: GuardFolder },
  { startedBefore }: AgentContext,
): Pick<Launch, 'isHeldUp' | 'guard'> {
  const { allowed, byKey } = permissionsOf(answers);
  return {
    // Held up at what is answered now. An execution before may have gone on from there: then it is told.
    isHeldUp: session !== null && !startedBefore && answers.at(-1)?.permission !== undefined,
    guard: { ...guard.inside, kinds: askFor.filter((kind) => !allowed.includes(kind)), answered: byKey },
  };
}
