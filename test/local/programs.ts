import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A Node program as an argument list. */
export const nodeProgram = (script: string): [string, ...string[]] => [process.execPath, '-e', script];

/** Says `up` and the pids that it is made of, then stays. */
export const staying = `console.log('up', process.pid); setInterval(() => {}, 1e6);`;

/** Stays whatever it is asked, and has a child in its process group that does the same. */
export const stubbornWithChild = `
  const child = require('node:child_process').spawn(process.execPath, ['-e',
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('child up')"],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  process.on('SIGTERM', () => {});
  child.stdout.once('data', () => console.log('up', process.pid, child.pid));
  setInterval(() => {}, 1e6);`;

/** Starts a program as leader of its own process group, as a platform that crashed would have left it. */
export async function startDetached(script: string): Promise<{ process: ChildProcess; pids: number[] }> {
  const [file, ...args] = nodeProgram(script);
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { process: child, pids: line.split(' ').slice(1).map(Number) };
}
