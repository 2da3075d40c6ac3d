import type { Json, JsonObject } from '../../domain/json.js';
import type { AttemptRequest } from '../../domain/work.js';
import { complianceOf } from '../compliance-record.js';
import type { ActivityDeps } from '../deps.js';
import { asReference } from '../given-findings.js';
import { scansOf } from '../scan-record.js';

/**
 * The parameters of an agent's step with what reports hand on in the place of findings (`{{ report.findings }}`,
 * `{{ report.violations }}`), which may be more than a workflow carries: an agent gets those of its step's repository.
 */
export async function resolveReferences(
  deps: ActivityDeps,
  { ref, repository, params }: Pick<AttemptRequest, 'ref' | 'repository' | 'params'>,
): Promise<JsonObject> {
  const resolve = async (value: Json): Promise<Json> => {
    const of = asReference(value);
    if (of === null) return value;
    const scans = (await scansOf(deps, ref, of)).filter((scan) => scan.repository.id === repository.id);
    const checks = (await complianceOf(deps, ref, of)).filter((check) => check.repository === repository.name);
    return [
      ...scans.flatMap(({ findings }) => findings.map((finding) => ({ ...finding }))),
      ...checks.flatMap(({ violations }) => violations.map((violation) => ({ ...violation }))),
    ];
  };
  const resolved = await Promise.all(
    Object.entries(params).map(async ([name, value]) => [name, await resolve(value)] as const),
  );
  return Object.fromEntries(resolved);
}
