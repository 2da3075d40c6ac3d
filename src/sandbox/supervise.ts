import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Command, CommandResult, OutputStream } from './command.js';
import { watchMemory } from './memory-watchdog.js';
import { Output } from './output.js';
import type { ProcessTree } from './process-tree.js';

const GRACE_MS = 2_000;
const CLOSE_MS = 1_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_STREAMED_BYTES = 256 * 1024 * 1024;

/** A started child, and what is needed to see it to its end. */
export interface Supervised {
  readonly child: ChildProcess;
  readonly tree: ProcessTree;
  readonly memoryBytes?: number;
}

/**
 * Sees a started command to its end: collects its output, keeps its limits, TERM and two seconds later KILL, and
 * returns only when none of its processes is left.
 */
export async function supervise({ child, tree, memoryBytes }: Supervised, command: Command): Promise<CommandResult> {
  const startedAt = performance.now();
  const output = new Output(command.maxOutputBytes ?? MAX_OUTPUT_BYTES);
  const maxStreamedBytes = command.maxStreamedBytes ?? MAX_STREAMED_BYTES;
  let outcome: CommandResult['outcome'] = 'exited';
  let grace: NodeJS.Timeout | undefined;
  let fault: { readonly error: unknown } | undefined;

  const end = (reason: CommandResult['outcome']): void => {
    if (outcome !== 'exited') return;
    outcome = reason;
    if (reason === 'out-of-memory' || reason === 'output-limit') {
      tree.kill();
    } else {
      tree.terminate();
      grace = setTimeout(() => tree.kill(), GRACE_MS);
    }
  };
  const take = (stream: OutputStream) => (chunk: Buffer) => {
    output.add(stream, chunk);
    if (fault) return;
    try {
      command.onOutput?.(stream, chunk);
    } catch (error) {
      // Thrown on into the stream's listener it would end this process.
      fault = { error };
      tree.kill();
    }
    if (output.streamedBytes > maxStreamedBytes) end('output-limit');
  };
  const cancel = (): void => end('cancelled');

  child.stdout?.on('data', take('stdout'));
  child.stderr?.on('data', take('stderr'));
  feed(child, command.stdin);
  const closed = once(child, 'close');
  const timeout = setTimeout(() => end('timed-out'), command.timeoutMs);
  command.signal?.addEventListener('abort', cancel, { once: true });
  if (command.signal?.aborted) cancel();
  const unwatch =
    memoryBytes === undefined
      ? undefined
      : watchMemory({
          limitBytes: memoryBytes,
          members: (table) => tree.members(table),
          onExceeded: () => end('out-of-memory'),
        });

  try {
    const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    await tree.clear();
    await orAfter(CLOSE_MS, closed, () => destroyStreams(child));
    // TypeScript does not see the listener that sets it.
    const thrown = fault as { readonly error: unknown } | undefined;
    if (thrown) throw thrown.error;
    return {
      outcome,
      exitCode,
      signal,
      stdout: output.stdout,
      stdoutCut: output.cut,
      tail: output.tail,
      durationMs: performance.now() - startedAt,
    };
  } finally {
    clearTimeout(timeout);
    clearTimeout(grace);
    command.signal?.removeEventListener('abort', cancel);
    unwatch?.();
  }
}

function feed(child: ChildProcess, stdin: string | undefined): void {
  // A command that ends without reading its input is no error.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(stdin);
}

// Somebody outside the tree may have been handed the pipe: waiting for its end must not hang.
async function orAfter(timeoutMs: number, done: Promise<unknown>, otherwise: () => void): Promise<void> {
  const timer = setTimeout(otherwise, timeoutMs);
  await done.finally(() => clearTimeout(timer));
}

function destroyStreams(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy();
}
