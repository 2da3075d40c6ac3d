import { fileURLToPath } from 'node:url';
import type { Program } from './child.js';

const main = fileURLToPath(new URL('../workers/main.js', import.meta.url));

/** The worker as a process of its own. It listens on nothing: a line of its log says that it polls. */
export function workerProcess(env: NodeJS.ProcessEnv): Program {
  return {
    name: 'worker',
    argv: [process.execPath, main],
    env,
    ready: ({ lineMatching }) => lineMatching(saysReady),
    // Agents are asked to end, and killed where they do not; their work is given back to Temporal.
    stopGraceMs: 20_000,
  };
}

function saysReady(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && 'msg' in parsed && parsed.msg === 'worker ready';
  } catch {
    return false;
  }
}
