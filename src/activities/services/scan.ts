import { createHash } from 'node:crypto';
import { BatonError } from '../../domain/errors.js';
import { SCAN_FAILS_ON, SCAN_KINDS, type GateResult, type ScanKind, type ScanSpec } from '../../domain/gate.js';
import type { JsonObject } from '../../domain/json.js';
import { mendOf } from '../../domain/report.js';
import { countBySeverity, describeCounts } from '../../domain/scan.js';
import { listVulnerabilities } from '../../domain/vulnerability.js';
import { resolveCommit } from '../../git/clone.js';
import { changedPaths } from '../../git/diff.js';
import { listFiles } from '../../git/find-lines.js';
import type { ActivityDeps } from '../deps.js';
import { flagParam, requiredText, textList, textParam } from '../params.js';
import { judgeCommit } from '../run-gates.js';
import { findingsOf } from '../scan-record.js';
import type { Service, ServiceCall } from './service.js';

/** What a push is scanned for where nobody says otherwise: dependencies need the network. */
const INCREMENTAL: readonly ScanKind[] = ['secrets', 'sast'];

/** Scans a commit, all of it or what it changed since `baseCommit`. What is found fails no step. */
export const scanRepository: Service = async (deps, call) => {
  const { ref } = call.request;
  const commit = await commitNamed(call, 'commit', call.commit);
  const isIncremental = textParam(ref, call.params, 'scanType') === 'INCREMENTAL';
  const since = isIncremental ? textParam(ref, call.params, 'baseCommit') : null;
  const changed = since === null ? null : await changedSince(call, commit);
  return scanPaths(deps, call, commit, {
    kinds: kindsOf(call, isIncremental),
    paths: await below(call, commit, changed),
  });
};

/** The same, of one file. */
export const scanFile: Service = async (deps, call) => {
  const commit = await commitNamed(call, 'commit', call.commit);
  const path = requiredText(call.request.ref, call.params, 'file');
  if (!(await listFiles(call.checkout.clone, commit)).includes(path))
    throw new BatonError('file-not-found', `${call.checkout.repository.name} has no file ${path} at ${commit}.`);
  return scanPaths(deps, call, commit, { kinds: kindsOf(call, true), paths: [path] });
};

/** Without a commit before (a new branch) everything is new. */
async function changedSince(call: ServiceCall, commit: string): Promise<readonly string[]> {
  const base = await commitNamed(call, 'baseCommit', commit);
  return changedPaths(call.checkout.clone, base, commit);
}

/** Those of the paths that lie below `repositoryPath`, a folder of the repository; null: all. */
async function below(
  { request: { ref }, params, checkout }: ServiceCall,
  commit: string,
  paths: readonly string[] | null,
): Promise<readonly string[] | null> {
  const given = textParam(ref, params, 'repositoryPath') ?? '';
  const folder = given.replace(/^\.?\/+|^\.$|\/+$/g, '');
  if (folder === '' || isRepository(given, checkout.repository.name)) return paths;
  const all = await listFiles(checkout.clone, commit);
  // To scan nothing must not look as if nothing was found.
  if (!all.some((path) => path.startsWith(`${folder}/`)))
    throw new BatonError(
      'folder-not-found',
      `${checkout.repository.name} has no folder ${folder} at ${commit.slice(0, 10)}. Leave repositoryPath out to scan all of it.`,
    );
  return (paths ?? all).filter((path) => path.startsWith(`${folder}/`));
}

/** Whether a path is that of the repository itself, as other systems know it: its name, an absolute path or an address. */
const isRepository = (path: string, name: string): boolean =>
  path.replace(/\/+$/, '') === name || /^(?:[a-z][a-z0-9+.-]*:\/\/|\/|[\w.-]+@[\w.-]+:)/i.test(path);

function kindsOf({ request: { ref }, params }: ServiceCall, isIncremental: boolean): readonly ScanKind[] {
  const named = textList(ref, params, 'scans');
  if (named.length === 0) return isIncremental ? INCREMENTAL : SCAN_KINDS;
  return SCAN_KINDS.filter((kind) => named.includes(kind));
}

async function commitNamed({ request: { ref }, params, checkout }: ServiceCall, name: string, otherwise: string) {
  const named = textParam(ref, params, name);
  if (named === null) return otherwise;
  const commit = await resolveCommit(checkout.clone, named);
  if (commit !== null) return commit;
  throw new BatonError('commit-not-found', `${checkout.repository.name} has no commit ${named}.`);
}

async function scanPaths(
  deps: ActivityDeps,
  { request: { ref, attempt, repository }, params }: ServiceCall,
  commit: string,
  { kinds, paths }: { readonly kinds: readonly ScanKind[]; readonly paths: readonly string[] | null },
): Promise<JsonObject> {
  const gates = kinds.map((kind): ScanSpec => ({
    kind,
    failOn: SCAN_FAILS_ON[kind],
    network: flagParam(ref, params, 'network'),
    ...(paths && { paths }),
  }));
  const isNothing = paths?.length === 0;
  const asked = { ref, attempt, repository, commit, changed: false, gates };
  const results = isNothing ? [] : await judgeCommit(deps, asked);
  requireConclusive(results, flagParam(ref, params, 'allowInconclusive'));
  const findings = (await Promise.all(kinds.map((gate) => findingsOf(deps, ref, { gate, commit })))).flat();
  const { info: _, ...summary } = countBySeverity(findings);
  return {
    scanId: createHash('sha256')
      .update(`${ref.run.runId}/${ref.step}/${ref.item}/${commit}`)
      .digest('hex')
      .slice(0, 12),
    commit,
    vulnerabilities: listVulnerabilities(findings).map((vulnerability) => ({ ...vulnerability })),
    // All of them, for a report, issues or an agent.
    findings: { of: [ref.step], count: findings.length },
    summary,
    scanDurationMs: results.reduce((sum, { durationMs }) => sum + durationMs, 0),
    filesScanned: paths?.length ?? null,
    told: describeCounts(countBySeverity(findings)),
  };
}

function requireConclusive(results: readonly GateResult[], allowed: boolean): void {
  const unclear = results.filter((result) => mendOf({ result }) !== null);
  const [first] = unclear;
  if (allowed || !first) return;
  const mend = unclear.map((result) => mendOf({ result })).join(' ');
  throw new BatonError('scan-inconclusive', `The scan ${first.gate} is inconclusive: ${first.summary}. ${mend}`, {
    details: { mend },
  });
}
