/** A text without what neither a text column nor JSON of the record can hold: NUL, and halves of surrogate pairs. */
export const keepable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
