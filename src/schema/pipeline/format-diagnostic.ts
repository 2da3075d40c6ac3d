import type { Diagnostic } from './diagnostic.js';

/**
 * `file:line:col error message (hint) [code]`, as editors and people read it; with the source at hand the line
 * follows, and a caret under the column.
 */
export function formatDiagnostic(diagnostic: Diagnostic, source?: string): string {
  const { file, line, column, severity, message, hint, code } = diagnostic;
  const head = `${file}:${line}:${column} ${severity} ${message}${hint === null ? '' : ` (${hint})`} [${code}]`;
  const text = source?.split(/\r?\n/)[line - 1];
  return text === undefined ? head : `${head}\n${codeFrame(text, line, column)}`;
}

const WIDTH = 110;

function codeFrame(text: string, line: number, column: number): string {
  const from = column > WIDTH - 10 ? column - WIDTH / 2 : 0;
  const shown = text.slice(from, from + WIDTH);
  // A tab stays a tab in the line of the caret, so that both lines are equally wide.
  const indent = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ');
  const gutter = String(line);
  return `  ${gutter} | ${shown}\n  ${' '.repeat(gutter.length)} | ${indent}^`;
}
