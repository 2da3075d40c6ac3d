export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with parts of it written anew, which knows where each place in it comes from. */
export class EditedText {
  readonly text: string;
  readonly #edits: readonly Edit[];

  constructor(original: string, edits: readonly Edit[]) {
    this.#edits = [...edits].sort((a, b) => a.start - b.start);
    let text = '';
    let from = 0;
    for (const edit of this.#edits) {
      text += original.slice(from, edit.start) + edit.text;
      from = edit.end;
    }
    this.text = text + original.slice(from);
  }

  /** The offset in the original of an offset in `text`; inside an edit, where the edit begins. */
  originOf(offset: number): number {
    let shift = 0;
    for (const { start, end, text } of this.#edits) {
      if (offset + shift < start) break;
      if (offset + shift < start + text.length) return start;
      shift += end - start - text.length;
    }
    return offset + shift;
  }
}
