import { createHash } from 'node:crypto';
import { fingerprintTexts } from '../../domain/fingerprint.js';
import { changesAfterScan, issueOfFinding, type FindingChange } from '../../domain/finding-issue.js';
import { BatonError } from '../../domain/errors.js';
import type { Finding } from '../../domain/gate.js';
import { mendOf } from '../../domain/report.js';
import { KEPT } from '../../domain/findings.js';
import type { ActionRequest } from '../../domain/work.js';
import { filedFindings, keepFiled, requesterOf } from '../../db/finding-issues.js';
import type { Asker } from '../../forge/forge.js';
import type { ActivityDeps } from '../deps.js';
import { givenFindings } from '../given-findings.js';
import { textList } from '../params.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';
import { scansOf } from '../scan-record.js';

/** What was found in one repository by one kind of scan, to be compared with what is filed. */
interface Found {
  readonly repository: { readonly id: string; readonly name: string };
  readonly gate: string;
  readonly commit: string | null;
  readonly findings: readonly (Finding & { readonly fingerprint: string })[];
  /** Whether what is not among them is not there. */
  readonly whole: boolean;
}

interface Counts {
  filed: number;
  closed: number;
  reopened: number;
}

/**
 * One issue a finding, in the repository that it is of, and never a second one. What a whole scan does not find any more
 * is closed. Done twice it has the effect of once: an issue is opened by a key made of the finding, a comment by one made
 * of the run.
 */
export const createIssues: Action = async (deps, request) => {
  const { ref, params } = request;
  const labels = textList(ref, params, 'labels');
  const principal: Asker = await persist(deps, ref.run.organisationId, (tx) => requesterOf(tx, ref.run));
  const counts: Counts = { filed: 0, closed: 0, reopened: 0 };
  for (const found of await allFound(deps, request)) {
    const filed = await persist(deps, ref.run.organisationId, (tx) =>
      filedFindings(tx, found.repository.id, found.gate),
    );
    const changes = changesAfterScan(
      found.findings.map(({ fingerprint }) => fingerprint),
      filed,
      found.whole,
    );
    for (const change of changes) await apply(deps, request, { found, change, labels, principal }, counts);
  }
  return { output: { ...counts } };
};

async function allFound(deps: ActivityDeps, { ref, params, repository }: ActionRequest): Promise<Found[]> {
  const given = givenFindings(ref, params);
  if (given.kind === 'recorded') {
    const scans = await scansOf(deps, ref, given.steps);
    return scans.map((scan) => ({
      ...scan,
      whole:
        mendOf({ result: scan.result }) === null &&
        scan.result.narrowed !== true &&
        scan.findings.length < KEPT.findings,
    }));
  }
  if (given.findings.length === 0) return [];
  if (!repository)
    throw new BatonError(
      'no-repository',
      `The step ${ref.name} needs a repository to file the findings of its list in.`,
    );
  const texts = fingerprintTexts(given.findings.map((finding) => ({ ...finding, anchor: finding.message })));
  const findings = given.findings.map((finding, index) => ({
    ...finding,
    fingerprint: createHash('sha256').update(texts[index]!).digest('hex'),
  }));
  return [{ repository, gate: 'given', commit: null, findings, whole: false }];
}

interface Change {
  readonly found: Found;
  readonly change: FindingChange;
  readonly labels: readonly string[];
  readonly principal: Asker;
}

async function apply(deps: ActivityDeps, { ref }: ActionRequest, of: Change, counts: Counts): Promise<void> {
  const { found, change, principal } = of;
  const { repository, gate } = found;
  const { fingerprint } = change;
  const { run } = ref;
  const remember = (number: number, gone: boolean): Promise<void> =>
    persist(deps, run.organisationId, (tx) =>
      keepFiled(tx, {
        organisationId: run.organisationId,
        repositoryId: repository.id,
        gate,
        fingerprint,
        number,
        gone,
      }),
    );
  const key = `finding/${repository.id}/${gate}/${fingerprint}`;
  const note = { principal, repositoryId: repository.id, key: `${key}/${run.runId}/${change.kind}` };
  switch (change.kind) {
    case 'file':
      await remember(await file(deps, ref.run.number, of, key), false);
      counts.filed += 1;
      return;
    case 'reopen':
      await deps.forge.commentIssue({
        ...note,
        number: change.number,
        state: 'open',
        body: `Run #${run.number} found it again.`,
      });
      await remember(change.number, false);
      counts.reopened += 1;
      return;
    case 'close':
      await deps.forge.commentIssue({
        ...note,
        number: change.number,
        state: 'closed',
        body: `Run #${run.number} does not find it any more${found.commit === null ? '' : `, at ${found.commit.slice(0, 10)}`}.`,
      });
      await remember(change.number, true);
      counts.closed += 1;
  }
}

/** Opens the issue, or finds the one that an earlier call opened before it could say so. */
async function file(
  deps: ActivityDeps,
  run: number,
  { found, change, labels, principal }: Change,
  key: string,
): Promise<number> {
  const earlier = await deps.forge.findIssue(principal.organisationId, key);
  if (earlier) return earlier.number;
  const finding = found.findings.find(({ fingerprint }) => fingerprint === change.fingerprint)!;
  const { number } = await deps.forge.openIssue({
    principal,
    repositoryId: found.repository.id,
    ...issueOfFinding(finding, { commit: found.commit, run }),
    acceptanceCriteria: 'A scan does not find it any more.',
    labels,
    key,
  });
  return number;
}
