import type { AskedGate, GateSpec } from '../domain/gate.js';
import type { RepositoryConfig } from '../schema/repository-config.js';

/**
 * The checks that a step asks for, each once. `repository` stands for the repository's tests, and its lint and type check
 * where it has commands for them; coverage needs a bar, so it is asked for by name.
 */
export function checksOf(asked: readonly AskedGate[], config: RepositoryConfig): readonly GateSpec[] {
  const own: GateSpec[] = [
    { kind: 'tests' },
    ...(['lint', 'typecheck'] as const).filter((kind) => config[kind]).map((kind) => ({ kind })),
  ];
  const checks = asked.flatMap((gate) => (gate.kind === 'repository' ? own : [gate]));
  return [...new Map(checks.map((check) => [check.kind, check])).values()];
}
