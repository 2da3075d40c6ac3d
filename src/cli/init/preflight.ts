import { me } from '../../schema/api/me.js';
import type { ApiClient } from '../client/api-client.js';
import type { Context } from '../context.js';
import { CliError, EXIT, type ExitCode } from '../exit-code.js';
import {
  missingProgram,
  programsOnPath,
  programsOnWorkers,
  type Candidate,
  type SignInOptions,
} from './choose-program.js';

interface Missing {
  /** What it is about. */
  readonly pointer: 'server' | 'you' | 'worker' | 'program' | 'repository';
  /** What is missing, and the command that fixes it. */
  readonly message: string;
  readonly exitCode: ExitCode;
}

export interface Ready {
  readonly client: ApiClient;
  readonly candidates: readonly Candidate[];
}

interface Wanted extends SignInOptions {
  /** Null: none is named, and the current directory is in none. */
  readonly source: string | null;
  readonly agent?: string;
  /** Whether a person can still be asked for what is not named. */
  readonly asks: boolean;
}

/**
 * Looks for all that is needed before anything is made.
 *
 * @throws CliError `not-ready` with each thing that is missing and the command that fixes it.
 */
export async function preflight(context: Context, wanted: Wanted): Promise<Ready> {
  const server = await findReadyServer(context);
  const reported = server.client ? await programsOnWorkers(server.client, wanted) : null;
  // Without a worker's report this machine's programs are the best guess: it starts the worker.
  const candidates = reported ?? (await programsOnPath(context.env));
  const program = missingProgram(candidates, wanted.agent);
  const missing: Missing[] = [
    ...server.missing,
    ...(server.client && !reported
      ? [
          {
            pointer: 'worker',
            message: 'No worker runs. Start one: baton worker, or npm start, which starts all of Baton',
            exitCode: EXIT.failed,
          } as const,
        ]
      : []),
    ...(program === null ? [] : [{ pointer: 'program', message: program, exitCode: EXIT.failed } as const]),
    ...(wanted.source === null && !wanted.asks
      ? [
          {
            pointer: 'repository',
            message: 'The current directory is in no Git repository of yours. Name one: baton init PATH',
            exitCode: EXIT.usage,
          } as const,
        ]
      : []),
  ];
  const [first] = missing;
  if (server.client && !first) return { client: server.client, candidates };
  throw new CliError(
    first?.exitCode ?? EXIT.failed,
    'not-ready',
    'Something is missing, and nothing was made. Fix it, then run the same command again:',
    missing,
  );
}

interface Found {
  /** Null: none can be used. */
  readonly client: ApiClient | null;
  readonly missing: readonly Missing[];
}

async function findReadyServer(context: Context): Promise<Found> {
  try {
    const client = context.client();
    const { role, handle } = await client.get('/api/me', me);
    if (role === 'admin') return { client, missing: [] };
    const message = `You are signed in as ${handle}, who is no admin. Ask an admin, or set BATON_TOKEN to the key of one`;
    return { client, missing: [{ pointer: 'you', message, exitCode: EXIT.notAllowed }] };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { client: null, missing: [{ pointer: 'server', message: error.message, exitCode: error.exitCode }] };
  }
}
