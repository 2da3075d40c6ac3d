import { readFile } from 'node:fs/promises';
import { compilePipeline } from '../schema/pipeline/compile-pipeline.js';
import type { Diagnostic } from '../schema/pipeline/diagnostic.js';
import { formatDiagnostic } from '../schema/pipeline/format-diagnostic.js';

export interface ValidateOptions {
  /** One JSON document instead of text. */
  readonly json: boolean;
  /** Takes lines of output, without the line break. */
  readonly out: (line: string) => void;
}

/** `baton validate FILE`: checks a pipeline file without a server. Exit code 0: it loads (warnings are allowed); 1: it does not. */
export async function validateFile(path: string, { json, out }: ValidateOptions): Promise<number> {
  const source = await readSource(path);
  if (source.kind === 'unreadable') {
    const { code, message } = source;
    out(
      json ? JSON.stringify({ file: path, ok: false, code, message, diagnostics: [] }) : `error ${message} [${code}]`,
    );
    return 1;
  }
  const { text } = source;
  const compilation = compilePipeline(text, { file: path });
  const ok = compilation.kind === 'compiled';
  const diagnostics = ok ? compilation.warnings : compilation.diagnostics;
  if (json) {
    const found = ok
      ? { name: compilation.plan.name, steps: compilation.plan.steps.length, unavailable: compilation.unavailable }
      : {};
    out(JSON.stringify({ file: path, ok, ...found, diagnostics }));
    return ok ? 0 : 1;
  }
  for (const diagnostic of diagnostics) out(formatDiagnostic(diagnostic, text));
  if (ok)
    out(
      `${path}: ${compilation.plan.name} is valid: ${count(compilation.plan.steps.length, 'step')}${tally(diagnostics, 'warning', ', ')}`,
    );
  else out(`${path}: ${tally(diagnostics, 'error')}${tally(diagnostics, 'warning', ', ')}`);
  return ok ? 0 : 1;
}

type Source =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string };

async function readSource(path: string): Promise<Source> {
  try {
    return { kind: 'read', text: await readFile(path, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') return { kind: 'unreadable', code: 'file-missing', message: `there is no file ${path}` };
    const reason =
      code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'access is denied' : (error as Error).message;
    return { kind: 'unreadable', code: 'file-unreadable', message: `${path} cannot be read: ${reason}` };
  }
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function tally(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity'], lead = ''): string {
  const n = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return n === 0 && lead !== '' ? '' : `${lead}${count(n, severity)}`;
}
