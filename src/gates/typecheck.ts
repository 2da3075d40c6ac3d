import type { GateSpec } from '../domain/gate.js';
import { exitAndCause, facts, foundOrTail, noCommand, runCommand } from './command-gate.js';
import type { Gate } from './gate.js';
import { repositoryPaths } from './reports/repository-path.js';
import { parseTsc } from './reports/tsc.js';

/** The repository's own type checker finds nothing wrong. */
export const typecheck: Gate<Extract<GateSpec, { kind: 'typecheck' }>> = async (_spec, context) => {
  const { typecheck: configured } = context.config;
  if (!configured) return noCommand('typecheck', 'typecheck', context);
  const { ran, brokenOff } = await runCommand('typecheck', configured, context);
  if (brokenOff) return brokenOff;
  const known = facts('typecheck', configured.command, ran, context);
  if (ran.exitCode === 0) return { ...known, summary: 'the types fit', verdict: 'pass' };
  const found = parseTsc(ran.stdout, repositoryPaths(context.policy.workspace.path));
  const count = `exit code ${ran.exitCode}: ${found.length} error${found.length === 1 ? '' : 's'}`;
  const summary = `the type check fails with ${found.length === 0 ? exitAndCause(ran) : count}`;
  return { ...known, summary, verdict: 'fail', findings: foundOrTail({ ...known, summary }, found, 'high') };
};
