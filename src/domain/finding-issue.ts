import type { Finding } from './gate.js';
import { cutText } from './text.js';
import { hasLabel } from './label.js';

/** An issue that people closed with this label stays closed, though the finding is still there. */
export const ACCEPTED_LABEL = 'accepted-risk';

const MAX_TITLE_BYTES = 200;

/** The issue that is filed for a finding. */
export function issueOfFinding(
  finding: Finding,
  { commit, run }: { readonly commit: string | null; readonly run: number },
): { readonly title: string; readonly body: string } {
  const { severity, rule, message, file, line, fix } = finding;
  const place = file === null ? null : `${file}${line === null ? '' : `:${line}`}`;
  const title = `${severity}: ${message.split('\n')[0]!}${file === null ? '' : ` (${file})`}`;
  const lines = [
    message,
    `Rule ${rule}, severity ${severity}${place === null ? '' : `, in ${place}`}${commit === null ? '' : ` at ${commit.slice(0, 10)}`}.`,
    ...(fix === null ? [] : [`To mend it: ${fix}`]),
    `Found by run #${run}. When a scan does not find it any more, this issue is closed; if it comes back, it is opened again, unless it has the label ${ACCEPTED_LABEL}.`,
  ];
  return { title: cutText(title, MAX_TITLE_BYTES), body: lines.join('\n\n') };
}

/** What is known of a finding for which an issue was filed. */
export interface FiledFinding {
  readonly fingerprint: string;
  readonly number: number;
  readonly gone: boolean;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
}

export type FindingChange =
  | { readonly kind: 'file'; readonly fingerprint: string }
  | { readonly kind: 'reopen'; readonly fingerprint: string; readonly number: number }
  | { readonly kind: 'close'; readonly fingerprint: string; readonly number: number };

/**
 * What becomes of the issues after a scan.
 *
 * @param whole whether the scan saw everything: what one that did not passed over may still be there.
 */
export function changesAfterScan(
  found: readonly string[],
  filed: readonly FiledFinding[],
  whole: boolean,
): FindingChange[] {
  const known = new Map(filed.map((finding) => [finding.fingerprint, finding]));
  const here = new Set(found);
  const present = [...here].flatMap((fingerprint): FindingChange[] => {
    const finding = known.get(fingerprint);
    if (!finding) return [{ kind: 'file', fingerprint }];
    const stays = finding.state === 'open' ? !finding.gone : hasLabel(finding.labels, ACCEPTED_LABEL);
    return stays ? [] : [{ kind: 'reopen', fingerprint, number: finding.number }];
  });
  if (!whole) return present;
  const gone = filed.filter(({ fingerprint, gone: already }) => !already && !here.has(fingerprint));
  return [...present, ...gone.map(({ fingerprint, number }) => ({ kind: 'close' as const, fingerprint, number }))];
}
