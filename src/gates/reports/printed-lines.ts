import { stripVTControlCharacters } from 'node:util';

/** Longer than any tool's: nothing is looked for in such a line. */
const MAX_CHARACTERS = 4_000;

/** The lines that a tool printed, without colours; of one that is too long, nothing. */
export const printedLines = (text: string): string[] =>
  stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => (line.length > MAX_CHARACTERS ? '' : line));
