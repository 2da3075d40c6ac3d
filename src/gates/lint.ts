import type { GateSpec } from '../domain/gate.js';
import { exitAndCause, facts, foundOrTail, noCommand, runCommand } from './command-gate.js';
import type { Gate } from './gate.js';
import { parseLint } from './reports/lint.js';
import { repositoryPaths } from './reports/repository-path.js';

/** The repository's own linter is content. */
export const lint: Gate<Extract<GateSpec, { kind: 'lint' }>> = async (_spec, context) => {
  const { lint: configured } = context.config;
  if (!configured) return noCommand('lint', 'lint', context);
  const { ran, brokenOff } = await runCommand('lint', configured, context);
  if (brokenOff) return brokenOff;
  const passed = ran.exitCode === 0;
  const summary = passed ? 'the linter is content' : `the linter fails with ${exitAndCause(ran)}`;
  const known = { ...facts('lint', configured.command, ran, context), summary };
  const found = parseLint(ran.stdout, repositoryPaths(context.policy.workspace.path));
  if (passed) return { ...known, verdict: 'pass', findings: found };
  return { ...known, verdict: 'fail', findings: foundOrTail(known, found, 'medium') };
};
