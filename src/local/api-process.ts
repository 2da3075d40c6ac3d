import { fileURLToPath } from 'node:url';
import type { Program } from './child.js';
import { until } from './until.js';

const main = fileURLToPath(new URL('../api/main.js', import.meta.url));
const requestTimeoutMs = 2_000;

/** The API as a process of its own; it serves when it says that it is ready. */
export function apiProcess(url: string, env: NodeJS.ProcessEnv): Program {
  return {
    name: 'api',
    argv: [process.execPath, main],
    env,
    ready: ({ signal }) => until(() => requireReady(url), signal),
  };
}

async function requireReady(url: string): Promise<void> {
  const { status, body } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(requestTimeoutMs) });
  await body?.cancel();
  if (status !== 200) throw new Error(`/readyz answers ${status}`);
}
