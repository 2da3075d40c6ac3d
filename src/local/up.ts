import { parseEnvironment } from '../schema/environment.js';
import { playDemo } from './demo.js';
import { startPlatform, type Platform } from './platform.js';

/** How a start is told: in lines for a person, or as data for a program. */
export interface Narrator {
  /** What it is about, and what happened. */
  readonly say: (name: string, text: string) => void;
  readonly ready: (platform: Platform) => void;
}

export interface UpOptions {
  readonly demo: boolean;
  readonly narrator: Narrator;
  /** Ends this process, and with it every other: asked to stop a second time. */
  readonly endAtOnce: () => void;
}

/**
 * Runs the embedded platform until Ctrl-C or TERM; however it ends, nothing of it is left running.
 * @throws BatonError of a start that did not succeed.
 */
export async function up({ demo, narrator, endAtOnce }: UpOptions): Promise<void> {
  const { say } = narrator;
  const asked = new AbortController();
  const onSignal = () => {
    if (asked.signal.aborted) endAtOnce();
    say('stopping', 'every process; once more ends them at once');
    asked.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const environment = parseEnvironment(process.env);
    say('data', environment.dataDirectory);
    const platform = await startPlatform({ environment, demo, say, signal: asked.signal }).catch((error: unknown) => {
      if (asked.signal.aborted) return undefined;
      throw error;
    });
    try {
      if (platform) await serve(platform, narrator, asked.signal);
    } finally {
      await platform?.stop();
    }
    say('stopped', 'nothing of it runs any more');
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** Until it is asked to stop: the demo may fail, the platform goes on. */
async function serve(platform: Platform, { say, ready }: Narrator, signal: AbortSignal): Promise<void> {
  ready(platform);
  const { url, publicUrl, token, demo } = platform;
  if (demo) {
    await playDemo({ url, publicUrl, token, demo, say, signal }).catch((error: unknown) => {
      if (signal.aborted) return;
      say('demo', `is given up: ${error instanceof Error ? error.message : String(error)}`);
      say('', 'Baton itself goes on; npm start -- --no-demo leaves the demo out');
    });
  }
  await aborted(signal);
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
