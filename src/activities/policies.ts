import type { Worktree } from '../git/worktree.js';
import { BatonError } from '../domain/errors.js';
import { hostsBeyond, type SandboxSettings, type StepSandbox } from '../domain/sandbox-settings.js';
import type { Isolation } from '../sandbox/execute.js';
import { limitsOf, WORKING_LIMITS } from '../sandbox/limits/limits.js';
import type { ReadOnlyBind, SandboxedPolicy } from '../sandbox/policy.js';
import { cacheEnvironment, homeInside } from '../sandbox/tool-caches.js';
import type { AgentRow } from './attempt/attempt-agent.js';

interface WorktreeRights {
  readonly writable: boolean;
  readonly readOnly?: readonly ReadOnlyBind[];
  /** What the step says. */
  readonly sandbox?: SandboxSettings | undefined;
  readonly isolation: Isolation;
}

/** What everything that works in a worktree gets: that tree, a home with the caches of its tools, no network. */
export const worktreePolicy = (
  worktree: Worktree,
  home: string,
  { writable, readOnly = [], sandbox = {}, isolation }: WorktreeRights,
): SandboxedPolicy => ({
  kind: 'sandbox',
  workspace: { path: worktree.path, writable },
  home,
  network: 'none',
  limits: limitsOf(WORKING_LIMITS, sandbox),
  readOnly,
  environment: cacheEnvironment(homeInside(isolation, home)),
});

/**
 * A step may leave its agent fewer hosts, never give it others: those are its registration's to allow.
 *
 * @throws BatonError `hosts-not-allowed`.
 */
export function requireReach({ name, entry }: Pick<AgentRow, 'name' | 'entry'>, sandbox: StepSandbox = {}): void {
  const allowed = Array.isArray(entry['hosts']) ? entry['hosts'].map(String) : [];
  const beyond = hostsBeyond(sandbox.hosts ?? [], allowed);
  if (beyond.length === 0) return;
  throw new BatonError(
    'hosts-not-allowed',
    `The step names ${beyond.join(', ')}, which ${name} may not reach: allow it in the agent's entry (hosts), or leave it out.`,
    { details: { hosts: beyond } },
  );
}
