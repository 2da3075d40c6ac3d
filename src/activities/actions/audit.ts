import { recordCoverage } from '../../db/scan-coverage.js';
import { BatonError } from '../../domain/errors.js';
import { SEVERITIES } from '../../domain/findings.js';
import { SCAN_FAILS_ON, type GateResult, type ScanKind, type ScanSpec, type Severity } from '../../domain/gate.js';
import type { Json } from '../../domain/json.js';
import { countBySeverity } from '../../domain/scan.js';
import type { ActionRequest } from '../../domain/work.js';
import { branchHead, resolveCommit } from '../../git/clone.js';
import type { ActivityDeps } from '../deps.js';
import { flagParam, textList, textParam } from '../params.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';
import { judgeCommit } from '../run-gates.js';
import { findingsOf } from '../scan-record.js';
import { checkOut, type Checkout } from '../workspace.js';

/**
 * Scans a commit of the step's repository, by default what its default branch stands at. What is found does not fail the
 * step: reports and issues come of it. That nobody can know does, unless the step allows it.
 */
export const audit =
  (kind: ScanKind): Action =>
  async (deps, request) => {
    const { ref, params, repository } = request;
    if (!repository)
      throw new BatonError(
        'no-repository',
        `The step ${ref.name} needs a repository: name one in the step, or start the run on one.`,
      );
    const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
    const commit = await commitOf(checkout, request);
    if (commit === null) return { output: await nothingToScan(deps, kind, checkout, request) };
    const only = textList(ref, params, 'severity').map((word) => severity(request, 'severity', word));
    const failOn = textParam(ref, params, 'failOn');
    const spec: ScanSpec = {
      kind,
      failOn: failOn === null ? SCAN_FAILS_ON[kind] : failOn === 'never' ? failOn : severity(request, 'failOn', failOn),
      network: flagParam(ref, params, 'network'),
      ...(only.length > 0 && { only }),
    };
    const results = await judgeCommit(deps, { ref, attempt: 1, repository, commit, changed: false, gates: [spec] });
    return { output: await outputOf(deps, request, commit, results[0]!), commit };
  };

function severity({ ref }: ActionRequest, name: string, word: string): Severity {
  const found = SEVERITIES.find((known) => known === word);
  if (found) return found;
  throw new BatonError(
    'param-invalid',
    `The parameter ${name} of ${ref.name} is of ${SEVERITIES.join(', ')}; it is ${JSON.stringify(word)}.`,
  );
}

async function commitOf(checkout: Checkout, { ref, params }: ActionRequest): Promise<string | null> {
  const named = textParam(ref, params, 'commit');
  if (named === null) return branchHead(checkout.clone, checkout.repository.defaultBranch);
  const commit = await resolveCommit(checkout.clone, named);
  if (commit !== null) return commit;
  throw new BatonError('commit-not-found', `${checkout.repository.name} has no commit ${named}.`);
}

/** Nobody has pushed to it yet: an audit of all repositories goes on without it. */
async function nothingToScan(
  deps: ActivityDeps,
  scan: ScanKind,
  { repository: { id, name, defaultBranch } }: Checkout,
  { ref, params }: ActionRequest,
): Promise<Json> {
  const why = `The repository ${name} has no branch ${defaultBranch}`;
  const mend = 'Push a first commit to it.';
  const gap = { why: `it has no branch ${defaultBranch}`, fix: mend };
  await persist(deps, ref.run.organisationId, (tx) => recordCoverage(tx, ref, { scan, repositoryId: id, gap }));
  if (!flagParam(ref, params, 'allowInconclusive')) throw new BatonError('empty-repository', `${why}. ${mend}`);
  const summary = { ...countBySeverity([]) };
  return { verdict: 'inconclusive', commit: null, summary, findings: [], inconclusive: { why, mend } };
}

async function outputOf(
  deps: ActivityDeps,
  { ref, params }: ActionRequest,
  commit: string,
  result: GateResult,
): Promise<Json> {
  const mend = result.verdict === 'inconclusive' ? result.mend : result.partial;
  if (mend !== undefined && !flagParam(ref, params, 'allowInconclusive'))
    throw new BatonError('scan-inconclusive', `The scan ${result.gate} is inconclusive: ${result.summary}. ${mend}`, {
      details: { mend },
    });
  const findings = await findingsOf(deps, ref, { gate: result.gate, commit });
  return {
    verdict: result.verdict,
    commit,
    summary: { ...countBySeverity(findings) },
    findings: findings.map((finding) => ({ ...finding })),
    ...(mend !== undefined && { inconclusive: { why: result.why ?? result.summary, mend } }),
  };
}
