import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../../src/sandbox/command.js';
import { WORKING_LIMITS, type Limits } from '../../src/sandbox/limits/limits.js';
import type { SandboxedPolicy } from '../../src/sandbox/policy.js';

export const MIB = 1024 * 1024;

/** A workspace and a home of their own below one temporary folder, removed after the tests of the file. */
export function makeRoom(below = tmpdir()) {
  const root = mkdtempSync(join(below, 'baton-sandbox-'));
  const workspace = join(root, 'workspace');
  const home = join(root, 'home');
  mkdirSync(workspace);
  mkdirSync(home);
  const policy: SandboxedPolicy = {
    kind: 'sandbox',
    workspace: { path: workspace, writable: true },
    home,
    network: 'none',
    limits: { ...WORKING_LIMITS, memoryBytes: 512 * MIB },
  };
  return { root, workspace, home, policy, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export const shell = (script: string, more: Partial<Command> = {}): Command => ({
  argv: ['sh', '-c', script],
  timeoutMs: 20_000,
  ...more,
});

export const node = (script: string, more: Partial<Command> = {}): Command => ({
  argv: ['node', '-e', script],
  timeoutMs: 20_000,
  ...more,
});

export const withLimits = (policy: SandboxedPolicy, limits: Partial<Limits>): SandboxedPolicy => ({
  ...policy,
  limits: { ...policy.limits, ...limits },
});
