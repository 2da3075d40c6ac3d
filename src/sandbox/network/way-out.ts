import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROXY_PORT } from '../../domain/sandbox-settings.js';
import type { Command } from '../command.js';
import type { Network, SandboxedPolicy } from '../policy.js';
import { programFile } from '../program-file.js';
import { TOOLCHAIN_ROOT } from '../toolchain.js';
import { loopbackPorts } from './allowed-host.js';
import { startProxy } from './proxy.js';

const PROGRAMS = fileURLToPath(new URL('../programs', import.meta.url));
const FORWARD = programFile(PROGRAMS, 'forward');
const PROGRAMS_INSIDE = '/opt/baton';
const SOCKET_FOLDER_INSIDE = '/run/baton';

/**
 * Runs a command that may reach only the hosts of a list: with a proxy outside, and inside a program that leads to it
 * from loopback. Programs find it by the usual variables; allowed ports of the worker's loopback are where they were.
 */
export async function withWayOut<T>(
  command: Command,
  policy: SandboxedPolicy,
  { allow, doors }: Exclude<Network, string>,
  run: (command: Command, policy: SandboxedPolicy) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-proxy-'));
  await chmod(folder, 0o711);
  const proxy = await startProxy({
    socketPath: join(folder, 'socket'),
    allow,
    ...(doors && { doors }),
    onConnection: (to) => command.onConnection?.(to),
    onRefusal: (what) => command.onRefusal?.({ kind: 'network', what }),
  });
  try {
    const ports = [...new Set(loopbackPorts(allow))].join(',');
    return await run(
      {
        ...command,
        argv: [
          ...[`${TOOLCHAIN_ROOT}/bin/node`, `${PROGRAMS_INSIDE}/${FORWARD}`],
          ...[`${SOCKET_FOLDER_INSIDE}/socket`, String(PROXY_PORT), ports, ...command.argv],
        ],
        env: { ...PROXY_ENVIRONMENT, ...command.env },
      },
      {
        ...policy,
        readOnly: [
          ...(policy.readOnly ?? []),
          { source: PROGRAMS, target: PROGRAMS_INSIDE },
          { source: folder, target: SOCKET_FOLDER_INSIDE },
        ],
      },
    );
  } finally {
    proxy.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The proxy's own address, inside: its doors are paths of it. */
export const PROXY_ADDRESS = `http://127.0.0.1:${PROXY_PORT}`;
const NOT_BY_PROXY = '127.0.0.1,localhost';
const PROXY_ENVIRONMENT = {
  HTTP_PROXY: PROXY_ADDRESS,
  HTTPS_PROXY: PROXY_ADDRESS,
  http_proxy: PROXY_ADDRESS,
  https_proxy: PROXY_ADDRESS,
  NO_PROXY: NOT_BY_PROXY,
  no_proxy: NOT_BY_PROXY,
  // Node asks its own fetch to heed them.
  NODE_USE_ENV_PROXY: '1',
};
