import { complianceScore, sumWeights, type ComplianceWeight } from './compliance.js';
import { describeUnseen } from './coverage.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { countBySeverity } from './scan.js';

/** What a step gave for one repository. */
export interface RepositoryOutput {
  readonly repository: string;
  readonly output: Json;
}

/**
 * One output for a step that looked at several repositories: what was counted is summed, and what nobody could look at is
 * named. `findings` stands for all that the record has of the step.
 */
export function joinOutputs(step: string, parts: readonly RepositoryOutput[]): JsonObject {
  const outputs = parts.map(({ repository, output }) => ({ repository, output: isJsonObject(output) ? output : {} }));
  if (outputs.every(({ output }) => 'verdict' in output)) return joinScans(step, outputs);
  if (outputs.every(({ output }) => 'score' in output && isWeight(output['weight']))) return joinCompliance(outputs);
  return { repositories: outputs.map(({ repository, output }) => ({ ...output, repository })) };
}

type Part = { readonly repository: string; readonly output: JsonObject };

function joinScans(step: string, parts: readonly Part[]): JsonObject {
  const summary: Record<string, number> = { ...countBySeverity([]) };
  for (const { output } of parts)
    for (const [severity, count] of Object.entries(isJsonObject(output['summary']) ? output['summary'] : {}))
      if (typeof count === 'number') summary[severity] = (summary[severity] ?? 0) + count;
  const unclear = parts.flatMap(({ repository, output: { inconclusive } }) =>
    isJsonObject(inconclusive) ? [{ ...(inconclusive as { readonly why: string }), repository }] : [],
  );
  const verdicts = parts.map(({ output }) => output['verdict']);
  const count = parts.reduce(
    (sum, { output }) => sum + (Array.isArray(output['findings']) ? output['findings'].length : 0),
    0,
  );
  return {
    verdict: verdicts.includes('fail') ? 'fail' : unclear.length > 0 ? 'inconclusive' : 'pass',
    summary,
    findings: { of: [step], count },
    repositories: parts.map(({ repository, output: { verdict, commit = null } }) => ({
      repository,
      verdict: verdict!,
      commit,
    })),
    lookedAt: parts.length - unclear.length,
    inconclusive: unclear,
    told:
      unclear.length === 0
        ? `${parts.length} ${parts.length === 1 ? 'repository was' : 'repositories were'} looked at`
        : describeUnseen(parts.length, unclear),
  };
}

function joinCompliance(parts: readonly Part[]): JsonObject {
  const weight = sumWeights(parts.map(({ output }) => output['weight'] as unknown as ComplianceWeight));
  return {
    compliant: parts.every(({ output }) => output['compliant'] === true),
    score: complianceScore(weight),
    weight: { ...weight },
    violations: parts.flatMap(({ repository, output: { violations } }) =>
      Array.isArray(violations)
        ? (violations as readonly Json[]).map((violation) =>
            isJsonObject(violation) ? { ...violation, repository } : violation,
          )
        : [],
    ),
    repositories: parts.map(({ repository, output: { score, compliant = null } }) => ({
      repository,
      score: score!,
      compliant,
    })),
  };
}

const isWeight = (value: Json | undefined): boolean =>
  value !== undefined && isJsonObject(value) && typeof value['held'] === 'number' && typeof value['all'] === 'number';
