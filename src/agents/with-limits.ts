import type { SandboxSettings } from '../domain/sandbox-settings.js';
import { limitsOf } from '../sandbox/limits/limits.js';
import type { AgentContext } from './harness.js';

/**
 * A context whose programs may take what an agent's entry says, or in its place the step, and no more time than its step
 * has.
 */
export function withLimits<C extends Pick<AgentContext, 'policy' | 'timeoutMs' | 'sandbox'>>(
  context: C,
  { timeoutMs = Infinity, ...settings }: SandboxSettings & { readonly timeoutMs?: number | undefined },
): C {
  const { policy, sandbox } = context;
  const limits = limitsOf(limitsOf(policy.limits, settings), sandbox ?? {});
  return { ...context, policy: { ...policy, limits }, timeoutMs: Math.min(context.timeoutMs, timeoutMs) };
}
