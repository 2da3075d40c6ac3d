import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { helperEnvironment } from './helper-environment.js';
import { startBeside } from './starter.js';

/** A helper program that did not exit with 0. */
export class HelperFailed extends Error {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;

  constructor(program: string, exitCode: number | null, stdout: string, stderr: string) {
    super(`${program} exited with ${exitCode ?? 'a signal'}: ${stderr.trim().slice(-500)}`);
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/**
 * Runs a small program of the system to its end, without forking this process. Returns its output.
 *
 * @throws HelperFailed
 */
export async function runHelper(...argv: readonly string[]): Promise<string> {
  const child = await startBeside({ argv, env: helperEnvironment() });
  child.stdin?.end();
  const [stdout, stderr, [exitCode]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (exitCode !== 0) throw new HelperFailed(argv[0] ?? '', exitCode, stdout, stderr);
  return stdout;
}
