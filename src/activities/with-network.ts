import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readNetworkSettings } from '../sandbox/network-settings/read-settings.js';
import { withNetworkSettings } from '../sandbox/network-settings/with-network-settings.js';
import { createRedactor, secretsOf } from '../telemetry/redact.js';
import type { ActivityDeps } from './deps.js';

/**
 * Gives every command with the host's network the worker's certificates, proxies and registries, as they are when the worker
 * starts; the tokens among them are secrets of the worker like those of its environment.
 */
export function withNetwork(deps: ActivityDeps): ActivityDeps {
  const settings = readNetworkSettings(deps.environment);
  const folder = join(deps.hostDirectory, 'network');
  // Left by a worker that died; this one has the folder to itself.
  rmSync(folder, { recursive: true, force: true });
  return {
    ...deps,
    execute: withNetworkSettings(deps.execute, { settings, folder, isolation: deps.isolation }),
    redactor: createRedactor([...secretsOf(deps.environment), ...settings.secrets]),
  };
}
