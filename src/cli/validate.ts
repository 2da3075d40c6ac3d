import { readFile } from 'node:fs/promises';
import { compilePipeline } from '../schema/pipeline/compile-pipeline.js';
import type { Diagnostic } from '../schema/pipeline/diagnostic.js';
import { formatDiagnostic } from '../schema/pipeline/format-diagnostic.js';
import { CliError, EXIT } from './exit-code.js';

export interface ValidateOptions {
  /** One JSON document instead of text. */
  readonly json: boolean;
  /** Takes lines of output, without the line break. */
  readonly out: (line: string) => void;
}

/** `baton validate FILE`: checks a pipeline file without a server. Exit code 0: it loads (warnings are allowed); 1: it does not. Throws CliError where it cannot be read. */
export async function validateFile(path: string, { json, out }: ValidateOptions): Promise<number> {
  const text = await readSource(path);
  const compilation = compilePipeline(text, { file: path });
  const ok = compilation.kind === 'compiled';
  const diagnostics = ok ? compilation.warnings : compilation.diagnostics;
  if (json) {
    const found = ok
      ? { name: compilation.plan.name, steps: compilation.plan.steps.length, unavailable: compilation.unavailable }
      : { error: errorOf(diagnostics) };
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

/** In the shape that every error of the command line has. */
function errorOf(diagnostics: readonly Diagnostic[]) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return {
    code: 'pipeline-invalid',
    message: `The pipeline has ${count(errors.length, 'error')}: ${errors[0]?.message ?? 'it cannot be read'}.`,
    errors: errors.map(({ pointer, message, line, column }) => ({ pointer, message: `${line}:${column} ${message}` })),
  };
}

async function readSource(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') throw new CliError(EXIT.usage, 'file-missing', `There is no file ${path}.`);
    const reason =
      code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'access is denied' : (error as Error).message;
    throw new CliError(EXIT.usage, 'file-unreadable', `${path} cannot be read: ${reason}.`);
  }
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function tally(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity'], lead = ''): string {
  const n = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return n === 0 && lead !== '' ? '' : `${lead}${count(n, severity)}`;
}
