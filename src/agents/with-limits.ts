import type { Limits } from '../sandbox/limits/limits.js';
import type { SandboxSettings } from '../schema/agent-entry.js';
import type { AgentContext } from './harness.js';

const MIB = 1024 * 1024;

/** The memory of an agent that does one thing and ends, unless its entry says otherwise (R7.3). */
export const ONE_SHOT_MIB = 512;

/** A context whose programs may take what an agent's entry says, and no more time than its step has. */
export function withLimits<C extends Pick<AgentContext, 'policy' | 'timeoutMs'>>(
  context: C,
  settings: SandboxSettings,
): C {
  const { memoryMib, cpus, processes, fileMib, diskMib, timeoutMs = Infinity } = settings;
  const limits: Limits = {
    ...context.policy.limits,
    ...(memoryMib !== undefined && { memoryBytes: memoryMib * MIB }),
    ...(cpus !== undefined && { cpus }),
    ...(processes !== undefined && { processes }),
    ...(fileMib !== undefined && { fileBytes: fileMib * MIB }),
    ...(diskMib !== undefined && { diskBytes: diskMib * MIB }),
  };
  return { ...context, policy: { ...context.policy, limits }, timeoutMs: Math.min(context.timeoutMs, timeoutMs) };
}
