import { once } from 'node:events';
import { RunningClocks } from './clocks.js';
import type { Command, CommandResult, OutputStream } from './command.js';
import { Intake } from './intake.js';
import type { LimitGuard } from './limits/guard-limits.js';
import { Output } from './output.js';
import type { ProcessTree } from './process-tree.js';
import type { Started } from './start.js';

const GRACE_MS = 2_000;
const CLOSE_MS = 1_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_STREAMED_BYTES = 256 * 1024 * 1024;
const TAIL_CHARACTERS = 2_000;
/** Of a hang only its last words count. */
const HUNG_CHARACTERS = 500;

/** A started child, and what is needed to see it to its end. */
export interface Supervised {
  readonly child: Started;
  readonly tree: ProcessTree;
  readonly guard?: LimitGuard;
}

/**
 * Sees a started command to its end: collects its output, keeps its limits and clocks, TERM and two seconds later KILL,
 * and returns, once, only when none of its processes is left.
 */
export async function supervise({ child, tree, guard }: Supervised, command: Command): Promise<CommandResult> {
  const startedAt = performance.now();
  let heardAt = startedAt;
  let endedAt = Infinity;
  const output = new Output(command.maxOutputBytes ?? MAX_OUTPUT_BYTES);
  const maxStreamedBytes = command.maxStreamedBytes ?? MAX_STREAMED_BYTES;
  let outcome: CommandResult['outcome'] = 'exited';
  let isOver = false;
  let grace: NodeJS.Timeout | undefined;
  let fault: { readonly error: unknown } | undefined;

  // The first reason counts: whatever else comes due while the command goes down changes nothing.
  const end = (reason: CommandResult['outcome']): void => {
    if (outcome !== 'exited' || isOver) return;
    outcome = reason;
    endedAt = performance.now();
    if (reason === 'out-of-memory' || reason === 'output-limit' || reason === 'disk-limit') {
      tree.kill();
    } else {
      tree.terminate();
      grace = setTimeout(() => tree.kill(), GRACE_MS);
    }
  };
  // Thrown on into a timer or a stream it would end this process.
  const fail = (error: unknown): void => {
    fault ??= { error };
    if (!isOver) tree.kill();
  };
  const clocks = new RunningClocks(command.clocks, {
    onNotice: (notice) => {
      try {
        command.onNotice?.(notice);
      } catch (error) {
        fail(error);
      }
    },
    onHung: () => end('hung'),
  });
  const take = (stream: OutputStream, chunk: Buffer): Promise<void> | void => {
    clocks.heard();
    if (endedAt === Infinity) heardAt = performance.now();
    output.add(stream, chunk);
    if (output.streamedBytes > maxStreamedBytes) end('output-limit');
    if (fault) return;
    try {
      const taken = command.onOutput?.(stream, chunk);
      if (taken) return clocks.hold(taken).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  const cancel = (): void => end('cancelled');

  const intake = new Intake(child, take);
  feed(child, command);
  const timeout = setTimeout(() => end('timed-out'), command.timeoutMs);
  command.signal?.addEventListener('abort', cancel, { once: true });
  if (command.signal?.aborted) cancel();
  guard?.watch(end);

  try {
    const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    isOver = true;
    clocks.stop();
    await tree.clear();
    await intake.finish(CLOSE_MS);
    // TypeScript does not see the listener that sets it.
    const thrown = fault as { readonly error: unknown } | undefined;
    if (thrown) throw thrown.error;
    return {
      outcome,
      exitCode,
      signal,
      stdout: output.stdout,
      stdoutCut: output.cut,
      tail: output.tail((outcome as CommandResult['outcome']) === 'hung' ? HUNG_CHARACTERS : TAIL_CHARACTERS),
      durationMs: performance.now() - startedAt,
      silentMs: Math.min(endedAt, performance.now()) - heardAt,
    };
  } finally {
    clocks.stop();
    clearTimeout(timeout);
    clearTimeout(grace);
    command.signal?.removeEventListener('abort', cancel);
    guard?.stop();
  }
}

function feed({ stdin: input }: Started, { stdin, onInput }: Command): void {
  // A command that ends without reading its input is no error.
  input?.on('error', () => undefined);
  if (input && onInput) onInput(input);
  else input?.end(stdin);
}
