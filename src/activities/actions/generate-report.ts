import { openArtifact, replaceArtifact } from '../../artifacts/artifacts.js';
import { countBySeverity } from '../../domain/scan.js';
import { summariseReport, toMarkdown, writeReport } from '../../domain/report.js';
import { givenFindings } from '../given-findings.js';
import { textParam } from '../params.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';
import { scansOf } from '../scan-record.js';
import { toPdf } from './report-pdf.js';

/**
 * Writes what the scans of the run have found as a report. `findings` of its output stands for all of them, however
 * many: `github.createIssues` and further reports take it.
 */
export const generateReport: Action = async (deps, { ref, params }) => {
  const { run } = ref;
  const given = givenFindings(ref, params);
  const scans = given.kind === 'recorded' ? await scansOf(deps, ref, given.steps) : [];
  const others = given.kind === 'listed' ? given.findings : [];
  const reported = scans.map((scan) => ({ ...scan, repository: scan.repository.name }));
  const title = textParam(ref, params, 'title') ?? `${run.pipeline}, run #${run.number}`;
  const isPdf = textParam(ref, params, 'format') === 'pdf';
  const blocks = writeReport(title, reported, others);

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
      summary: summariseReport(reported, others),
      counts: { ...countBySeverity(findings) },
      findings: given.kind === 'listed' ? others.map((finding) => ({ ...finding })) : { of, count: findings.length },
    },
  };
};
