import type { Execute } from '../command.js';
import type { Isolation } from '../execute.js';
import type { NetworkSettings } from './settings.js';
import { withStagedSettings } from './stage.js';

interface Options {
  readonly settings: NetworkSettings;
  /** Where the files lie while a command runs. */
  readonly folder: string;
  readonly isolation: Isolation;
}

/**
 * Gives sandboxed commands that have the host's network the worker's certificates, proxies and registries, and the tokens
 * for these. No other command gets any of it. What a command sets itself counts.
 */
export const withNetworkSettings =
  (execute: Execute, { settings, ...place }: Options): Execute =>
  (command, policy) => {
    if (policy.kind === 'host' || policy.network !== 'host') return execute(command, policy);
    return withStagedSettings(settings, place, ({ env, readOnly }) =>
      execute(
        { ...command, env: { ...env, ...command.env } },
        { ...policy, readOnly: [...(policy.readOnly ?? []), ...readOnly] },
      ),
    );
  };
