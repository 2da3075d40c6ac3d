import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { hostToolsHere } from '../local/host-tools.js';
import { keptSetUpsHere } from '../local/kept-set-ups.js';
import { requireSandbox, sandboxLimits } from '../local/require-sandbox.js';
import { osvEcosystems } from '../local/osv-scanner.js';
import { findGitleaks, findPostgres, findTemporal } from '../local/toolchain.js';
import { parseEnvironment, type Environment } from '../schema/environment.js';
import { breakerList } from '../schema/api/breaker.js';
import { checkPrograms } from './check-programs.js';
import { findServer } from './client/find-server.js';
import { CliError } from './exit-code.js';
import { breakerSentence } from './output/breaker-sentence.js';
import { plain } from './output/style.js';

export interface Check {
  readonly name: string;
  /** `note`: nothing is amiss. */
  readonly state: 'ok' | 'note' | 'warning' | 'error';
  /** What was found, or the sentence that mends it. */
  readonly detail: string;
}

const run = promisify(execFile);
const PROBE_MS = 5_000;
/** Without them scans are inconclusive, and everything else works. */
const SCANNERS = ['gitleaks', 'osv-scanner'];
const MIN_NODE = [22, 12] as const;
/** `git merge-tree --write-tree` came with it. */
const MIN_GIT = [2, 38] as const;

/** Looks at everything that Baton stands on, each with the sentence that mends it. */
export async function diagnose(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const environment = parseEnvironment(env);
  const [own, programs] = await Promise.all([checkOwn(environment, env), checkPrograms(env)]);
  const sandboxOff = environment.sandbox === 'off';
  return [
    ...own.map((found): Check => {
      const isBearable =
        (found.name === 'sandbox' && sandboxOff) || (SCANNERS.includes(found.name) && found.state === 'error');
      return isBearable ? { ...found, state: 'warning' } : found;
    }),
    ...toolChains(env),
    ...programs,
    ...(await server(env)),
  ];
}

const checkOwn = (environment: Environment, env: NodeJS.ProcessEnv): Promise<Check[]> =>
  Promise.all([
    check('node', () =>
      version(
        process.versions.node,
        MIN_NODE,
        'Install Node 22.12 or newer, or start with npm start, which brings its own.',
      ),
    ),
    check('git', async () =>
      version((await run('git', ['--version'], { timeout: PROBE_MS })).stdout, MIN_GIT, 'Install git 2.38 or newer.'),
    ),
    check('temporal', async () =>
      environment.temporalAddress === undefined
        ? (await run(findTemporal(environment.cacheDirectory), ['--version'], { timeout: PROBE_MS })).stdout.trim()
        : `yours, at ${environment.temporalAddress}`,
    ),
    check('postgres', () =>
      Promise.resolve(environment.databaseUrl === undefined ? findPostgres() : 'yours, by DATABASE_URL'),
    ),
    check('sandbox', () => requireSandbox(environment)),
    check('limits', () => sandboxLimits(environment)),
    check('containers', () =>
      Promise.resolve('left out: Docker, Dagger and agents that are container images; agents run in bubblewrap'),
    ),
    check('gitleaks', () => Promise.resolve(findGitleaks(environment.cacheDirectory))),
    check('osv-scanner', () => osvEcosystems(environment.cacheDirectory, env['PATH'] ?? '')),
    check('set-ups', () => keptSetUpsHere(environment.dataDirectory)),
    check('data', () => Promise.resolve(environment.dataDirectory)),
  ]);

/** What sandboxes see of the host's tools. */
function toolChains(env: NodeJS.ProcessEnv): Check[] {
  const { shown, hidden } = hostToolsHere(env);
  return [
    { name: 'tool chains', state: 'ok', detail: plain(shown) },
    ...hidden.map((detail): Check => ({ name: '  not in a sandbox', state: 'warning', detail: plain(detail) })),
  ];
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, state: 'ok', detail: await look() };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return {
      name,
      state: 'error',
      detail: missing ? `${name} is not on the PATH; install it.` : (error as Error).message,
    };
  }
}

function version(text: string, [major, minor]: readonly [number, number], mend: string): Promise<string> {
  const [, found = '0', next = '0'] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const enough = Number(found) > major || (Number(found) === major && Number(next) >= minor);
  return enough
    ? Promise.resolve(`${found}.${next}`)
    : Promise.reject(new Error(`${found}.${next} is too old. ${mend}`));
}

const readiness = z.object({ checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) });

/** The running Baton, as it sees itself: database, migrations, Temporal, search attributes; and whether our key is good. */
async function server(env: NodeJS.ProcessEnv): Promise<Check[]> {
  try {
    const { url, token } = findServer(env);
    const signal = AbortSignal.timeout(PROBE_MS);
    const answered = readiness.safeParse(await ask(`${url}/readyz`, { signal }).then(({ body }) => body));
    if (!answered.success) throw new Error(`What answers at ${url} is not Baton, or of another version.`);
    const own = { headers: { authorization: `Bearer ${token}` }, signal };
    const me = await ask(`${url}/api/me`, own);
    return [
      { name: 'server', state: 'ok', detail: url },
      ...answered.data.checks.map(({ name, ok, detail }): Check => ({
        name: `  its ${name}`,
        state: ok ? 'ok' : 'error',
        detail,
      })),
      { name: '  your key', ...judgeKey(me.status) },
      ...(me.status === 200 ? breakers((await ask(`${url}/api/breakers`, own)).body) : []),
    ];
  } catch (error) {
    // That nothing runs here is no fault; that something is meant and cannot be used is one.
    const state = error instanceof CliError && error.code === 'not-running' ? 'warning' : 'error';
    return [{ name: 'server', state, detail: (error as Error).message }];
  }
}

/** Where Baton holds new work back by itself: that is no fault of it, but what people wonder about. */
function breakers(answer: unknown): Check[] {
  const { data } = breakerList.safeParse(answer);
  if (!data) return [{ name: '  held back', state: 'warning', detail: 'Which work is held back is not known there.' }];
  if (data.items.length === 0) return [{ name: '  held back', state: 'ok', detail: 'nothing' }];
  return data.items.map((breaker) => ({
    name: '  held back',
    state: 'warning',
    detail: plain(breakerSentence(breaker)),
  }));
}

async function ask(url: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, init).catch((error: unknown) => {
    const { name, message, cause } = error as Error;
    const why =
      name === 'TimeoutError' ? `no answer in ${PROBE_MS / 1000} s` : cause instanceof Error ? cause.message : message;
    throw new Error(
      `Nothing answers at ${url} (${why}). Start it with \`npm start\`, or set BATON_URL and BATON_TOKEN.`,
    );
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

function judgeKey(status: number): Pick<Check, 'state' | 'detail'> {
  if (status === 200) return { state: 'ok', detail: 'good' };
  if (status === 401) return { state: 'error', detail: 'It is not known there; set BATON_TOKEN to one that is.' };
  return { state: 'error', detail: `Whether it is good is not known: /api/me answers ${status}.` };
}
