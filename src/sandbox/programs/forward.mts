import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { constants } from 'node:os';

/**
 * Inside the sandbox: what connects to the proxy's port of loopback is passed on to Baton's proxy by its Unix socket,
 * and what connects to an allowed port of loopback by a tunnel through it. Then the command runs.
 *
 * Arguments: socket, proxy port, allowed ports with commas between, command and its arguments.
 */
const [socket = '', proxyPort = '', ports = '', program = '', ...args] = process.argv.slice(2);

const listen = (port: number, greeting: string | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const proxy = connect({ path: socket, allowHalfOpen: true });
      const end = (): void => {
        client.destroy();
        proxy.destroy();
      };
      client.on('error', end).on('close', end);
      proxy.on('error', end).on('close', end);
      if (greeting === null) {
        client.pipe(proxy).pipe(client);
        return;
      }
      proxy.write(greeting);
      let answer = Buffer.alloc(0);
      const read = (chunk: Buffer): void => {
        answer = Buffer.concat([answer, chunk]);
        const end = answer.indexOf('\r\n\r\n');
        if (end === -1) return;
        proxy.off('data', read);
        if (!answer.subarray(0, end).includes(' 200 ')) return void client.destroy();
        client.write(answer.subarray(end + 4));
        client.pipe(proxy).pipe(client);
      };
      proxy.on('data', read);
    });
    server.once('error', ({ message }) =>
      reject(new Error(`Baton: port ${port} of loopback cannot be had here: ${message}`)),
    );
    server.listen(port, '127.0.0.1', resolve);
    // It ends with the command.
    server.unref();
  });

try {
  await listen(Number(proxyPort), null);
  for (const port of ports.split(',').filter((text) => text !== ''))
    await listen(Number(port), `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(126);
}

const child = spawn(program, args, { stdio: 'inherit' });
// The command has copies of stdout and stderr, with which it shares whether a write waits. Node may set them not to wait
// when it writes itself, such as a warning: programs that do not expect that lose output. So this process lets go of them.
child.once('spawn', () => {
  for (const stream of [1, 2]) {
    closeSync(stream);
    // Opened under the lowest number that is free: the one just closed.
    openSync('/dev/null', 'w');
  }
});
// What ends the sandbox is sent to every process in it: the command says how it ends.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
child.once('error', ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(127);
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
