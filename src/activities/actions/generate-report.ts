import { openArtifact, replaceArtifact } from '../../artifacts/artifacts.js';
import { readCoverage } from '../../db/scan-coverage.js';
import type { JsonObject } from '../../domain/json.js';
import { countBySeverity } from '../../domain/scan.js';
import { toMarkdown } from '../../domain/report-block.js';
import { summariseReport, writeReport } from '../../domain/report.js';
import { commonScore } from '../../domain/compliance-report.js';
import { complianceOf } from '../compliance-record.js';
import { givenFindings } from '../given-findings.js';
import { textParam } from '../params.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';
import { scansOf } from '../scan-record.js';
import { toPdf } from './report-pdf.js';

/**
 * Writes what the scans and the checks of compliance of the run have found as a report. `findings` and `violations` of its
 * output stand for all of them, however many: `github.createIssues`, further reports and agents take them.
 */
export const generateReport: Action = async (deps, { ref, params }) => {
  const { run } = ref;
  const given = givenFindings(ref, params);
  const scans = given.kind === 'recorded' ? await scansOf(deps, ref, given.steps) : [];
  const reported = scans.map((scan) => ({ ...scan, repository: scan.repository.name }));
  const title = textParam(ref, params, 'title') ?? `${run.pipeline}, run #${run.number}`;
  const isPdf = textParam(ref, params, 'format') === 'pdf';
  const compliance = await complianceOf(deps, ref, given.kind === 'recorded' ? given.steps : null);
  // Violations that are given as a list are in the record of the checks as well.
  const checked = new Set(
    compliance.flatMap(({ violations }) => violations.map(({ rule, location }) => JSON.stringify([rule, location]))),
  );
  const others =
    given.kind === 'listed'
      ? given.findings.filter(({ rule, file }) => !checked.has(JSON.stringify([rule, file])))
      : [];
  const coverage = await persist(deps, run.organisationId, (tx) =>
    readCoverage(tx, run.runId, given.kind === 'recorded' ? given.steps : null),
  );
  const contents = { scans: reported, others, compliance, coverage };
  const blocks = writeReport(title, contents);

  const artifact = await persist(deps, run.organisationId, async (tx) => {
    const { created_at: at } = await tx
      .selectFrom('runs')
      .select('created_at')
      .where('id', '=', run.runId)
      .executeTakeFirstOrThrow();
    const body = isPdf ? await toPdf(blocks, title, at) : Buffer.from(toMarkdown(blocks));
    const { id } = await openArtifact(tx, {
      organisationId: run.organisationId,
      runId: run.runId,
      step: ref.step,
      item: ref.item,
      attempt: 1,
      kind: 'report',
      name: isPdf ? 'report.pdf' : 'report.md',
      mediaType: isPdf ? 'application/pdf' : 'text/markdown; charset=utf-8',
    });
    await replaceArtifact(tx, id, body);
    return id;
  });
  const findings = [...scans.flatMap((scan) => scan.findings), ...others];
  const of = [...new Set(scans.map(({ step }) => step))];
  return {
    output: {
      artifact,
      title,
      summary: summariseReport(contents),
      counts: { ...countBySeverity(findings) },
      ...(compliance.length > 0 && handOn(compliance)),
      findings: given.kind === 'listed' ? others.map((finding) => ({ ...finding })) : { of, count: findings.length },
    },
  };
};

/** What later steps take of the checks of compliance: the common score, and what stands for the violations. */
const handOn = (checks: Awaited<ReturnType<typeof complianceOf>>): JsonObject => ({
  score: commonScore(checks),
  broken: checks.flatMap(({ repository, violations }) => (violations.length > 0 ? [repository] : [])),
  violations: {
    of: [...new Set(checks.map(({ step }) => step))],
    count: checks.reduce((count, { violations }) => count + violations.length, 0),
  },
});
