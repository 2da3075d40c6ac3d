import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { compilePipeline } from '../schema/pipeline/compile-pipeline.js';
import type { Diagnostic } from '../schema/pipeline/diagnostic.js';
import { formatDiagnostic } from '../schema/pipeline/format-diagnostic.js';
import { readRepositoryConfig, REPOSITORY_CONFIG_PATH } from '../schema/repository-config.js';
import { CliError, EXIT } from './exit-code.js';

export interface ValidateOptions {
  /** One JSON document instead of text. */
  readonly json: boolean;
  /** Takes lines of output, without the line break. */
  readonly out: (line: string) => void;
}

/**
 * `baton validate FILE`: checks a pipeline file or a `.baton/repository.yaml` without a server. Of a folder it checks the
 * `.baton/repository.yaml` inside. Exit code 0: valid (warnings are allowed); 1: not. Throws CliError where it cannot be read.
 */
export async function validateFile(path: string, options: ValidateOptions): Promise<number> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, REPOSITORY_CONFIG_PATH) : path;
  const text = await readSource(file);
  const checked =
    isFolder || isRepositoryConfig(file, text) ? checkRepositoryConfig(file, text) : checkPipeline(file, text);
  report(file, text, checked, options);
  return checked.ok ? 0 : 1;
}

interface Checked {
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** What the file is: `pipeline` or `repository configuration`. */
  readonly kind: string;
  /** What a valid file is said to be. */
  readonly summary: string;
  /** What JSON says of a valid file. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The code of its errors. */
  readonly code: string;
}

/** By its place; elsewhere by its name, as long as it has no steps. */
function isRepositoryConfig(path: string, text: string): boolean {
  const absolute = resolve(path);
  if (absolute.endsWith(`/${REPOSITORY_CONFIG_PATH}`)) return true;
  return basename(absolute) === basename(REPOSITORY_CONFIG_PATH) && !/^["']?steps["']?\s*:/m.test(text);
}

function checkPipeline(file: string, text: string): Checked {
  const compilation = compilePipeline(text, { file });
  const common = { kind: 'pipeline', code: 'pipeline-invalid' };
  if (compilation.kind === 'refused')
    return { ...common, ok: false, diagnostics: compilation.diagnostics, summary: '', facts: {} };
  const { plan, unavailable, warnings } = compilation;
  return {
    ...common,
    ok: true,
    diagnostics: warnings,
    summary: `${plan.name} is valid: ${count(plan.steps.length, 'step')}`,
    facts: { name: plan.name, steps: plan.steps.length, unavailable },
  };
}

function checkRepositoryConfig(file: string, text: string): Checked {
  const read = readRepositoryConfig(text);
  const common = { kind: 'repository configuration', code: 'repository-config-invalid' };
  if (read.kind === 'faults') {
    const diagnostics = read.faults.map((fault): Diagnostic => ({
      ...fault,
      severity: 'error',
      code: common.code,
      hint: null,
      file,
    }));
    return { ...common, ok: false, diagnostics, summary: '', facts: {} };
  }
  const sections = Object.keys(read.data);
  const named = sections.length === 0 ? 'it configures nothing' : sections.join(', ');
  return {
    ...common,
    ok: true,
    diagnostics: [],
    summary: `the repository configuration is valid: ${named}`,
    facts: { sections },
  };
}

function report(file: string, text: string, checked: Checked, { json, out }: ValidateOptions): void {
  const { ok, diagnostics, summary, facts } = checked;
  if (json) {
    out(JSON.stringify({ file, ok, ...(ok ? facts : { error: errorOf(checked) }), diagnostics }));
    return;
  }
  for (const diagnostic of diagnostics) out(formatDiagnostic(diagnostic, text));
  if (ok) out(`${file}: ${summary}${tally(diagnostics, 'warning', ', ')}`);
  else out(`${file}: ${tally(diagnostics, 'error')}${tally(diagnostics, 'warning', ', ')}`);
}

/** In the shape that every error of the command line has. */
function errorOf({ diagnostics, kind, code }: Checked) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return {
    code,
    message: `The ${kind} has ${count(errors.length, 'error')}: ${errors[0]?.message ?? 'it cannot be read'}.`,
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
