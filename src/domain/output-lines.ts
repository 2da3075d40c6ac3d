const ESC = '\u001b';
/** Terminal sequences: CSI (colours, cursor), OSC (titles, links) and the two-character ones. */
const SEQUENCES = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)?|[@-_])`, 'g');

/** What a command printed, as lines of a terminal: without colours, and of a progress bar only its last state. */
export const printedLines = (output: string): string[] =>
  output
    .replace(SEQUENCES, '')
    .split('\n')
    .map((line) =>
      lastState(line)
        .replace(/(?!\t)\p{Cc}/gu, '')
        .trimEnd(),
    );

const lastState = (line: string): string => {
  const states = line.split('\r').filter((state) => state !== '');
  return states.at(-1) ?? '';
};

interface LastLines {
  readonly lines: number;
  readonly characters: number;
}

const SHOWN: LastLines = { lines: 15, characters: 1_500 };

/** The last lines that a command printed, empty ones at both ends left out; empty where it printed nothing. */
export function lastLines(output: string, { lines, characters }: LastLines = SHOWN): string {
  const printed = printedLines(output).join('\n').trim().split('\n').slice(-lines);
  while (printed.length > 1 && printed.join('\n').length > characters) printed.shift();
  return printed.join('\n').slice(-characters).toWellFormed();
}
