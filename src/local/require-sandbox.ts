import { BatonError } from '../domain/errors.js';
import { limitsHere } from '../sandbox/limits/limits-here.js';
import { probeSandbox } from '../sandbox/probe.js';
import type { Environment } from '../schema/environment.js';

/**
 * Says how agents are kept in. Without a sandbox nothing starts, unless somebody has switched it off in so many words.
 * @throws BatonError `no-sandbox` with the sentence that mends it.
 */
export async function requireSandbox(environment: Environment): Promise<string> {
  if (environment.sandbox === 'off') return 'OFF: agents can do what you can (BATON_SANDBOX=off)';
  const probe = await probeSandbox();
  if (probe.kind === 'ready') return `bubblewrap ${probe.version}`;
  throw new BatonError('no-sandbox', `Agents cannot be kept in a sandbox here. ${probe.mend}`);
}

/** What holds the limits of agents on this host, as people read it. */
export const sandboxLimits = (environment: Environment): Promise<string> =>
  limitsHere(environment.sandbox === 'off' ? 'off' : 'bubblewrap');
