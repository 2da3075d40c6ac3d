import { createInterface } from 'node:readline/promises';
import type { Interruption } from './interruption.js';

/** Whether a person can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/**
 * Asks for one line. The terminal is in its ordinary mode before and after.
 *
 * @returns the line without outer blanks; null at the end of the input (Ctrl-D).
 * @throws CliError `interrupted` after a Ctrl-C.
 */
export async function askLine(question: string, interruption: Interruption): Promise<string | null> {
  interruption.throwIfHappened();
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)));
  // In raw mode Ctrl-C is a key. It reaches readline and not the process.
  terminal.once('SIGINT', () => {
    interruption.interrupt();
    terminal.close();
  });
  const stop = () => terminal.close();
  interruption.signal.addEventListener('abort', stop, { once: true });
  try {
    // Closing rejects an open question; `ended` has told it by then.
    const answer = await Promise.race([terminal.question(question).catch(() => null), ended]);
    if (answer === null) process.stdout.write('\n');
    interruption.throwIfHappened();
    return answer === null ? null : answer.trim();
  } finally {
    interruption.signal.removeEventListener('abort', stop);
    terminal.close();
  }
}

/** Asks for one line; an empty one, and the end of the input, mean the default. */
export async function askWithDefault(question: string, preset: string, interruption: Interruption): Promise<string> {
  const answer = await askLine(`${question} [${preset}] `, interruption);
  return answer === null || answer === '' ? preset : answer;
}
