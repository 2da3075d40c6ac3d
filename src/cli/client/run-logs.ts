import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, EXIT } from '../exit-code.js';
import type { ApiClient } from './api-client.js';
import { GrowingText } from './growing-text.js';
import { listArtifacts, type RunArtifact } from './run-artifacts.js';

const LOOK_AGAIN_MS = 1_000;
/** A run may have ended before its last activity closes its log: how often that is looked for. */
const LOOKS_AFTER_END = 5;

export interface LogsOf {
  readonly run: string;
  readonly step?: string | undefined;
  /** Whether to go on to the end of the run. */
  readonly follow: boolean;
  /** Called once for each time that the server does not answer. */
  readonly onLost: () => void;
}

export interface LogLines {
  readonly log: RunArtifact;
  readonly lines: readonly string[];
}

/** The logs of a run's steps, oldest first; while they are followed, in the order in which their lines come. */
export async function* readLogs(client: ApiClient, of: LogsOf): AsyncGenerator<LogLines, { status: string }> {
  const texts = new Map<string, GrowingText>();
  let quietLooks = 0;
  for (;;) {
    const { run, items: logs } = await look(client, of, texts.size > 0);
    let isQuiet = true;
    for (const log of logs) {
      const text = texts.get(log.id) ?? new GrowingText(client, log.id);
      texts.set(log.id, text);
      if (!text.hasMore(log)) continue;
      const { lines } = await patiently(() => text.read(), of, true);
      if (lines.length === 0) continue;
      isQuiet = false;
      yield { log, lines };
    }
    const isOver = run.endedAt !== null && logs.every(({ id }) => texts.get(id)!.closed);
    quietLooks = run.endedAt !== null && isQuiet ? quietLooks + 1 : 0;
    if (!of.follow || isOver || quietLooks >= LOOKS_AFTER_END) {
      for (const log of logs) {
        const lines = texts.get(log.id)!.takeRest();
        if (lines.length > 0) yield { log, lines };
      }
      return { status: run.status };
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

const look = (client: ApiClient, of: LogsOf, again: boolean) =>
  patiently(() => listArtifacts(client, of.run, { kind: 'log', step: of.step }), of, again);

/** Asks until there is an answer, where there was one before and the logs are followed. */
async function patiently<T>(ask: () => Promise<T>, { follow, onLost }: LogsOf, again: boolean): Promise<T> {
  for (let isLost = false; ; isLost = true) {
    try {
      return await ask();
    } catch (error) {
      if (!follow || !again || !isPassing(error)) throw error;
      if (!isLost) onLost();
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/** A server that is away, or that went away in the middle of an answer. */
const isPassing = (error: unknown): boolean =>
  error instanceof CliError ? error.exitCode === EXIT.unreachable : (error as Error).name === 'TypeError';
