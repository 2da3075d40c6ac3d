import { BatonError } from '../domain/errors.js';
import type { Policies } from '../domain/policies.js';
import { suggest } from '../domain/suggest.js';

/** Whether what policies name is there: policies that tiers ask for, rules that policies follow. Throws `policies-invalid`. */
export function checkPolicies({ risk, policies, asks }: Policies): void {
  const names = policies.map(({ name }) => name);
  const rules = risk.filter(({ kind }) => kind === 'rates').map(({ name }) => name);
  const faults = [
    ...(['medium', 'high'] as const).flatMap((tier) => missing(`/asks/${tier}`, 'policy', asks[tier], names)),
    ...policies.flatMap((policy) =>
      (policy.rules ?? []).flatMap((rule, at) =>
        missing(`/policies/${policy.name}/rules/${at}`, 'risk rule', rule, rules),
      ),
    ),
  ];
  if (faults.length === 0) return;
  throw new BatonError('policies-invalid', `policies.yaml names what is not there: ${faults.join('; ')}`, {
    details: { faults },
  });
}

function missing(pointer: string, what: string, name: string, known: readonly string[]): string[] {
  if (known.includes(name)) return [];
  const near = suggest(name, known);
  return [
    `${pointer} there is no ${what} ${name}${near ? `; did you mean ${near}?` : known.length === 0 ? '; there is none' : `; there are ${known.join(', ')}`}`,
  ];
}
