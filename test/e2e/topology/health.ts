import { execa } from 'execa';
import { onPath } from '../../../scripts/setup/run.mjs';

const TIMEOUT_MS = 10_000;

/** A health check of the compose file as a command of this machine. */
export interface HealthCheck {
  readonly argv: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
}

/** `[CMD, …]` or `[CMD-SHELL, text]` as an argument list. */
export function argvOf(test: readonly string[]): [string, ...string[]] {
  const [kind, ...rest] = test;
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  return rest as [string, ...string[]];
}

/** Whether the program that the check calls is on this machine. */
export function canRun(test: readonly string[]): boolean {
  const [, program = ''] = test.join(' ').split(' ');
  return onPath(program) !== undefined;
}

/** @throws where the service is not healthy. */
export async function check({ argv: [file, ...args], env }: HealthCheck): Promise<void> {
  await execa(file, args, { env, extendEnv: false, timeout: TIMEOUT_MS, stdin: 'ignore' });
}
