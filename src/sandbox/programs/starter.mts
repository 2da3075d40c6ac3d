import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';

/**
 * Starts programs for a process that is too large to be forked often. Requests and results are messages; the standard
 * streams of a program are connections to the Unix socket of the requester, each opened with the id and the number of
 * the stream. Ends with the requester.
 *
 * Argument: the socket.
 */
interface Request {
  readonly id: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

const [socket = ''] = process.argv.slice(2);

async function connectStream(id: string, stream: number): Promise<Socket> {
  const connection = connect(socket);
  // What comes is for the program.
  connection.pause();
  // Where the requester is gone, so is this process soon.
  connection.on('error', () => undefined);
  await once(connection, 'connect');
  await new Promise((resolve) => connection.write(`${id}${stream}`, resolve));
  return connection;
}

async function start({ id, argv, env, cwd }: Request): Promise<void> {
  const [program = '', ...args] = argv;
  const streams = await Promise.all([0, 1, 2].map((stream) => connectStream(id, stream)));
  try {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: [streams[0], streams[1], streams[2]] });
    // Listened to before anything is awaited: a program may end at once.
    child.once('exit', (exitCode, signal) => process.send?.({ id, kind: 'exited', exitCode, signal }));
    await once(child, 'spawn');
    process.send?.({ id, kind: 'started', pid: child.pid });
  } finally {
    for (const stream of streams) stream.destroy();
  }
}

process.on('message', (request: Request) => {
  start(request).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    process.send?.({ id: request.id, kind: 'failed', code, message });
  });
});
process.once('disconnect', () => {
  rmSync(dirname(socket), { recursive: true, force: true });
  process.exit();
});
