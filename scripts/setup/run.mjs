import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { accessSync, constants } from 'node:fs';
import { SetupError } from './step.mjs';

const keptOutputBytes = 64 * 1024;

/**
 * Runs a program and gives its output. It has a time limit, after which its whole process group is killed,
 * and no standard input to wait on. Throws a SetupError with the end of its output when it fails.
 */
export async function run(argv, { timeoutMs, cwd, env = process.env }) {
  const [program, ...args] = argv;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk) => (output = (output + chunk).slice(-keptOutputBytes));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);

  let timedOut = false;
  const kill = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  const limit = setTimeout(() => (timedOut = kill()), timeoutMs);
  // The child has a process group of its own: Ctrl-C reaches it only through us.
  const interrupted = () => process.exit(kill() ? 130 : 1);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const end = await new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(code === 0 ? 'done' : `exit ${signal ?? code}`));
    });
    if (timedOut) throw new SetupError(`${argv.join(' ')} took longer than ${timeoutMs / 1000} s\n${tail(output)}`);
    if (end !== 'done') throw new SetupError(`${argv.join(' ')}: ${end}\n${tail(output)}`);
    return output;
  } finally {
    clearTimeout(limit);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

/** The path of a program that PATH names, or undefined. */
export function onPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const tail = (output) => output.trimEnd().split('\n').slice(-30).join('\n');
