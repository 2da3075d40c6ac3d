import { BatonError } from '../domain/errors.js';
import { parseEnvironment } from '../schema/environment.js';
import { playDemo, type DemoOptions } from './demo.js';
import { startPlatform, type Platform } from './platform.js';

export interface UpOptions {
  readonly demo: boolean;
  readonly output: NodeJS.WriteStream;
}

/** What `up` ends with, documented in the README. */
export const UP_EXIT_CODES = { stopped: 0, failed: 1, alreadyRunning: 3, killed: 130 } as const;

const nameWidth = 12;

/** Runs the embedded platform until Ctrl-C or TERM. Gives the exit code of the process. */
export async function up({ demo, output }: UpOptions): Promise<number> {
  const say = (name: string, text: string) => void output.write(`  ${name.padEnd(nameWidth)}${text}\n`);
  const asked = new AbortController();

  const onSignal = () => {
    if (asked.signal.aborted) process.exit(UP_EXIT_CODES.killed);
    say('stopping', 'every process; once more ends them at once');
    asked.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  // A terminal that is gone is no reason to end in the middle of ending.
  output.on('error', () => undefined);
  let platform: Platform | undefined;
  try {
    const environment = parseEnvironment(process.env);
    output.write('\nBaton is starting\n');
    say('data', environment.dataDirectory);
    platform = await startPlatform({ environment, demo, say, signal: asked.signal });
    output.write(banner(platform));
    await showDemo(platform, say, asked.signal);
    await aborted(asked.signal);
    await platform.stop();
    say('stopped', 'nothing of it runs any more');
    return UP_EXIT_CODES.stopped;
  } catch (error) {
    if (asked.signal.aborted) return UP_EXIT_CODES.stopped;
    if (!(error instanceof BatonError)) throw error;
    say('error', error.message);
    return error.code === 'already-running' ? UP_EXIT_CODES.alreadyRunning : UP_EXIT_CODES.failed;
  } finally {
    // However this comes to its end: what was started would keep this process, and outlive it.
    await platform?.stop();
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** A demo that cannot be shown is no reason to end the platform. */
async function showDemo({ demo, url }: Platform, say: DemoOptions['say'], signal: AbortSignal): Promise<void> {
  if (!demo) return;
  try {
    await playDemo({ url, demo, say, signal });
  } catch (error) {
    if (!signal.aborted) say('demo', `cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function banner({ signInUrl, url, temporalUi }: Platform): string {
  const lines = [
    ['Sign in', `${signInUrl}  (works once)`],
    ['API', `${url}/api/docs`],
    ...(temporalUi === undefined ? [] : [['Temporal', temporalUi]]),
    ['Stop', 'Ctrl-C'],
  ];
  return `\nBaton is ready\n${lines.map(([name = '', text = '']) => `  ${name.padEnd(nameWidth)}${text}\n`).join('')}\n`;
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
