import { stripVTControlCharacters } from 'node:util';

/** Colours of a terminal; none where the output is no terminal or NO_COLOR is set (https://no-color.org). */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  /** A status or verdict in its colour. */
  readonly status: (status: string) => string;
  /** A text in the colour of a status. */
  readonly like: (status: string, text: string) => string;
}

const CODES: Readonly<Record<string, number>> = {
  succeeded: 32,
  approved: 32,
  merged: 32,
  sent: 32,
  pass: 32,
  active: 32,
  ok: 32,
  running: 33,
  waiting: 34,
  open: 34,
  inconclusive: 33,
  warning: 33,
  failed: 31,
  fail: 31,
  rejected: 31,
  error: 31,
  cancelled: 35,
  expired: 35,
};

export function createStyle(colours: boolean): Style {
  const paint = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const like = (status: string, text: string) => {
    const code = CODES[status];
    return code === undefined ? text : paint(code)(text);
  };
  return { bold: paint(1), dim: paint(2), status: (status) => like(status, status), like };
}

/** Text of agents and people without what would move a cursor or ring a bell; lines stay. */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(/(?!\n)\p{Cc}/gu, ' ');

/** Marks that turn the direction of text: with them a line reads otherwise than it is. */
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * Lines of a program for a terminal, which can do nothing to it: no cursor, title, colour, bell or clipboard. Of a
 * progress bar only its last state is left.
 */
export const harmlessLines = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[^\r\n]*\r(?=[^\r\n])/g, '')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(DIRECTION_MARKS, '');
