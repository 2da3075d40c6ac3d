import type { Plan } from '../plan.js';

/** What is asked of a role in a run. */
export interface RoleRequirements {
  /** A role, or the name of the agent where a step asks for it by name; `any`. */
  readonly role: string;
  readonly steps: readonly {
    readonly step: string;
    readonly name: string;
    readonly action: string;
    readonly requires: readonly string[];
  }[];
}

/** What a plan asks of each role, in its order; `requires`: the required actions by step, as far as they are listed. */
export function requirementsByRole(
  plan: Plan,
  requires: Readonly<Record<string, readonly string[]>>,
): readonly RoleRequirements[] {
  const roles = new Map<string, RoleRequirements['steps'][number][]>();
  const roleOf = new Map<string, string>();
  const add = (role: string, step: string, name: string, action: string): void => {
    roleOf.set(step, role);
    roles.set(role, [...(roles.get(role) ?? []), { step, name, action, requires: requires[step] ?? [] }]);
  };
  for (const step of plan.steps) {
    if (step.kind === 'agent') add(nameOf(step.agent, roleOf), step.id, step.name, step.action);
    if (step.kind === 'handoff') {
      add(nameOf(step.tester, roleOf), step.id, step.name, 'code.writeTests');
      add(nameOf(step.developer, roleOf), step.id, step.name, 'code.implement');
    }
  }
  return [...roles].map(([role, steps]) => ({ role, steps }));
}

type Agent = Extract<Plan['steps'][number], { kind: 'agent' }>['agent'];

function nameOf(agent: Agent, roleOf: ReadonlyMap<string, string>): string {
  switch (agent.kind) {
    case 'any':
      return 'any';
    case 'same':
      return roleOf.get(agent.step) ?? 'any';
    case 'role':
      return agent.role;
    case 'named':
      return agent.name;
  }
}
