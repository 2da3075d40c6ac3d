import { createHash } from 'node:crypto';
import { fingerprintTexts } from '../domain/fingerprint.js';
import type { Finding, ScanKind } from '../domain/gate.js';
import type { ScanFinding, ToolReport } from '../domain/scan.js';
import { BatonError } from '../domain/errors.js';
import { readInside } from '../sandbox/read-inside.js';
import { astGrep } from './scanners/ast-grep.js';
import { dependencies } from './scanners/dependencies.js';
import { gitleaks } from './scanners/gitleaks.js';
import type { ScanContext, Scanner } from './scanners/scanner.js';
import { secretlint } from './scanners/secretlint.js';
import { suppressions } from './scanners/suppressions.js';

const SCANS: Readonly<Record<ScanKind, (context: ScanContext) => Promise<ToolReport[]>>> = {
  // Each misses what the other finds.
  secrets: inTurn(secretlint, gitleaks, suppressions('secretlint-disable', 'secretlint')),
  sast: inTurn(astGrep, suppressions('ast-grep-ignore', 'ast-grep')),
  dependencies,
};

function inTurn(...scanners: readonly Scanner[]) {
  return async (context: ScanContext): Promise<ToolReport[]> => {
    const reports: ToolReport[] = [];
    for (const scanner of scanners) reports.push(await scanner(context));
    return reports;
  };
}

const MAX_FILE_BYTES = 8 * 1024 * 1024;

export interface Scan {
  readonly reports: readonly ToolReport[];
  /** Of all tools, each thing once, each with its fingerprint. */
  readonly findings: readonly Finding[];
}

/** Runs all tools of a scan over a checkout, one after the other. */
export async function scan(kind: ScanKind, context: ScanContext): Promise<Scan> {
  const reports = await SCANS[kind](context);
  const found = once(
    kind,
    reports.flatMap(({ findings }) => findings),
  );
  const anchors = await Promise.all(found.map((finding) => anchorOf(finding, context.policy.workspace.path)));
  const texts = fingerprintTexts(
    found.map((finding, index) => ({ ...finding, rule: ruleOf(kind, finding), anchor: anchors[index]! })),
  );
  const findings = found.map(({ anchor: _, ...finding }, index) => ({ ...finding, fingerprint: hash(texts[index]!) }));
  return { reports, findings };
}

/** What one of two tools has said is not said again: two that point at one line for a secret mean the same one. */
function once(kind: ScanKind, findings: readonly ScanFinding[]): ScanFinding[] {
  const kept = new Map<string, ScanFinding>();
  for (const finding of findings) {
    const { file, line, anchor } = finding;
    const key = JSON.stringify([ruleOf(kind, finding), file, anchor ?? line]);
    if (!kept.has(key)) kept.set(key, finding);
  }
  return [...kept.values()];
}

/** Which tool names a secret first is no difference. */
const ruleOf = (kind: ScanKind, { rule }: Finding): string => (kind === 'secrets' ? kind : rule);

/** The text of the line that a finding is of; of one without a line, what it says. */
async function anchorOf({ anchor, file, line, message }: ScanFinding, root: string): Promise<string> {
  if (anchor !== null) return anchor;
  if (file === null || line === null) return message;
  try {
    const text = (await readInside(root, file, MAX_FILE_BYTES))?.toString('utf8');
    return text?.split(/\r?\n/)[line - 1] ?? message;
  } catch (error) {
    if (error instanceof BatonError) return message;
    throw error;
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
