import { createHash } from 'node:crypto';
import { BatonError } from '../../domain/errors.js';
import type { Finding } from '../../domain/gate.js';
import type { JsonObject } from '../../domain/json.js';
import { qualityScore } from '../../domain/quality-score.js';
import type { StepRef } from '../../domain/work.js';
import { textParam } from '../params.js';
import type { Action } from '../run-action.js';
import { reviewsOf } from '../run-reviews.js';

/** Writes what the run's reviews found to the lines of a pull request, and a summary with a score. */
export const reviewPullRequest: Action = async (deps, { ref, params, repository }) => {
  if (!repository) throw new BatonError('no-repository', `The step ${ref.name} needs a repository.`);
  const { organisationId, runId } = ref.run;
  const number = pullRequestOf(ref, params);
  const pullRequest = await deps.forge.pullRequestNumbered(organisationId, repository.id, number);
  if (!pullRequest)
    throw new BatonError('pull-request-not-found', `${repository.name} has no pull request #${number}.`);
  const reviews = await reviewsOf(deps, organisationId, runId);
  let comments = 0;
  for (const { step, author, verdict, body, findings, commit } of reviews) {
    await deps.forge.review(organisationId, {
      pullRequestId: pullRequest.id,
      author,
      verdict,
      body,
      // Those with a place are comments on it.
      findings: findings.filter(({ file }) => file === null),
      marker: `${runId}/${step}`,
    });
    for (const finding of findings) {
      if (finding.file === null) continue;
      comments += 1;
      await deps.forge.comment(organisationId, {
        pullRequestId: pullRequest.id,
        author,
        commit: commit ?? '',
        file: finding.file,
        line: finding.line,
        body: textOf(finding),
        marker: markerOf(finding),
      });
    }
  }
  const findings = reviews.flatMap((review) => review.findings);
  const score = qualityScore(findings);
  const summary = textParam(ref, params, 'summary') ?? summaryOf(reviews, findings, score);
  await deps.forge.review(organisationId, {
    pullRequestId: pullRequest.id,
    author: 'baton',
    verdict: 'comment',
    body: summary,
    findings: [],
    marker: `${runId}/${ref.step}/summary`,
  });
  return { output: { number, score, findings: findings.length, comments, summary } };
};

function pullRequestOf(ref: StepRef, params: JsonObject): number {
  const value = params['pullRequest'];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value);
  throw new BatonError('param-invalid', `The parameter pullRequest of ${ref.name} is the number of a pull request.`);
}

const textOf = ({ severity, rule, message, fix }: Finding): string =>
  [`${severity} ${rule}: ${message}`, ...(fix === null ? [] : [fix])].join('\n\n');

/** What says the same of the same line is one comment, whichever run found it. */
const markerOf = ({ rule, file, line, message }: Finding): string =>
  createHash('sha256')
    .update(JSON.stringify([rule, file, line, message]))
    .digest('hex');

function summaryOf(
  reviews: readonly { readonly step: string; readonly author: string; readonly findings: readonly Finding[] }[],
  findings: readonly Finding[],
  score: number,
): string {
  const each = reviews.map(({ step, author, findings: own }) => `- ${step} (${author}): ${count(own)}`);
  return [`Quality score: ${score}/100, ${count(findings)}.`, ...each].join('\n');
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

function count(findings: readonly Finding[]): string {
  const parts = SEVERITIES.flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}`];
  });
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}
