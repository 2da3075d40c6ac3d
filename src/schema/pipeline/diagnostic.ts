import type { LineCounter } from 'yaml';
import { suggest } from '../../domain/suggest.js';

/** One thing that is wrong (or not there yet) in a pipeline file, and where. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, for programs: `unknown-role`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** JSON pointer of the value. */
  readonly pointer: string;
}

/** Where a value stands: an offset into the source, and its JSON pointer. */
export interface At {
  readonly offset: number;
  readonly pointer: string;
}

/** A file with a thousand wrong names must not cost a minute of edit distances. */
const MAX_COMPARISONS = 200_000;
const MAX_NAME_LENGTH = 100;

/** Collects everything that is wrong with one file: a reader reports and goes on. */
export class Problems {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #found: Diagnostic[] = [];
  readonly #places = new Set<string>();
  #comparisons = 0;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  error(code: string, at: At, message: string, hint: string | null = null): void {
    this.#add('error', code, at, message, hint);
  }

  warning(code: string, at: At, message: string, hint: string | null = null): void {
    this.#add('warning', code, at, message, hint);
  }

  /** ``did you mean `name`?`` for the known name that is near; null where none is. */
  didYouMean(wrong: string, known: Iterable<string>, write = (name: string) => name): string | null {
    const names = [...known];
    this.#comparisons += names.length;
    if (this.#comparisons > MAX_COMPARISONS || wrong.length > MAX_NAME_LENGTH) return null;
    const near = suggest(wrong, names);
    return near === null ? null : `did you mean \`${write(near)}\`?`;
  }

  get errors(): number {
    return this.#found.filter(({ severity }) => severity === 'error').length;
  }

  /** All of them in the order of the file. */
  sorted(): readonly Diagnostic[] {
    return [...this.#found].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(severity: Diagnostic['severity'], code: string, at: At, message: string, hint: string | null): void {
    // What stands before a step and the step itself share values: a fault of theirs is told once.
    const place = `${code}@${at.offset}`;
    if (this.#places.has(place)) return;
    this.#places.add(place);
    const { line, col } = this.#lines.linePos(at.offset);
    this.#found.push({
      severity,
      code,
      message,
      hint,
      file: this.#file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      pointer: at.pointer,
    });
  }
}

/** A value as it stands in a message: short, on one line. */
export function quote(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return `\`${line.length > 60 ? `${line.slice(0, 60)}…` : line}\``;
}
