import { ProblemError } from '../api/problem-error';

export interface YamlFault {
  /** Of the text, from 1; null where it is not said. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** The faults of a text that the API refused with this code, each with its place. */
export function faultsOf(error: Error | null, code: string): readonly YamlFault[] {
  if (!(error instanceof ProblemError) || error.code !== code) return [];
  const { faults } = error.details;
  if (!Array.isArray(faults)) return [];
  return faults.map((text: unknown) => {
    const [, line, column, message] = /^(\d+):(\d+) ([^]*)$/.exec(String(text)) ?? [];
    return line === undefined
      ? { line: null, column: null, message: String(text) }
      : { line: Number(line), column: Number(column), message: message ?? '' };
  });
}
