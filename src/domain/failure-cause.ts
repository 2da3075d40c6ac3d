import { printedLines } from './output-lines.js';

const MAX_CAUSE = 300;

type Recogniser = (lines: readonly string[]) => string | null;

/** The first line that matches, by its first group where it has one. */
const first =
  (pattern: RegExp): Recogniser =>
  (lines) => {
    for (const line of lines) {
      const match = pattern.exec(line);
      if (match) return match[1] ?? match[0];
    }
    return null;
  };

const NPM = /^npm (?:error|ERR!)(?: (.*))?$/;
const NPM_FACTS = /^(?:code|errno|syscall|path|command failed|A complete log|Log files|\s*$)/;

/** npm: `npm error code ERESOLVE`, with the first line that says what that was about. */
function npm(lines: readonly string[]): string | null {
  const said = lines.flatMap((line) => NPM.exec(line)?.[1] ?? []);
  if (said.length === 0) return null;
  const code = said.find((line) => line.startsWith('code '));
  const about = said.find((line) => !NPM_FACTS.test(line));
  return `npm: ${[code?.slice('code '.length), about?.trim()].filter((part) => part !== undefined).join(': ')}`;
}

/** uv and cargo: `error: …`, with the innermost of its causes. */
function causedBy(lines: readonly string[]): string | null {
  const at = lines.findIndex((line) => /^error(?:\[E\d+\])?: /.test(line));
  if (at === -1) return null;
  const causes = lines.slice(at + 1).flatMap((line, index, rest) => {
    const inline = /^\s*(?:├─▶|╰─▶|Caused by:)\s*(.*)$/.exec(line)?.[1];
    return inline === undefined ? [] : [inline === '' ? (rest[index + 1] ?? '').trim() : inline];
  });
  return [lines[at]!, ...causes.filter((cause) => cause !== '').slice(-1)].join(': ');
}

/** uv: `× No solution found …`, and why. */
function unsolved(lines: readonly string[]): string | null {
  const at = lines.findIndex((line) => /^\s*× /.test(line));
  if (at === -1) return null;
  const why = /^\s*╰─▶ (.*)$/.exec(lines[at + 1] ?? '')?.[1];
  return [lines[at]!.trim().slice(2), ...(why === undefined ? [] : [why])].join(' ');
}

/** Gradle: what stands under `* What went wrong:`. */
function gradle(lines: readonly string[]): string | null {
  const at = lines.indexOf('* What went wrong:');
  return at === -1
    ? null
    : lines
        .slice(at + 1, at + 3)
        .map((line) => line.trim())
        .join(' ')
        .trim();
}

/** Python: the exception at the end of a traceback. */
function traceback(lines: readonly string[]): string | null {
  const at = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  return at === -1 ? null : first(/^[A-Za-z_][\w.]*(?::.*)?$/)(lines.slice(at + 1));
}

/** The most telling first: a program's own words before those of whatever started it. */
const RECOGNISERS: readonly Recogniser[] = [
  first(/^.*No space left on device.*$/),
  npm,
  first(/\b(ERR_PNPM_\w+\s.*)$/),
  first(/^➤ (YN(?!0000)\d{4}: .*)$/),
  gradle,
  first(/^ERROR: (?!Ignored the following)(.*)$/),
  unsolved,
  causedBy,
  first(/^(go: (?!downloading |finding |added |upgraded )\S.*)$/),
  first(/^(?:\[ERROR\]) (?!COMPILATION ERROR)(\S.*?)(?: -> \[Help 1\])?$/),
  first(/^(\S+\.go:\d+:\d+: .*)$/),
  traceback,
  first(/^((?:Uncaught )?\w*Error(?: \[\w+\])?: .*)$/),
  first(/^((?:\S+: )*(?:line )?(?:\d+: )?\S+: (?:command )?not found)$/),
  first(/^(\S.*: (?:No such file or directory|Permission denied))$/),
  first(/^(?:error|Error|ERROR):? (.*)$/),
  first(/^(make(?:\[\d+\])?: \*\*\* .*)$/),
];

/**
 * The one line of a failed command's output that says why it failed, where the tool is known: npm, pnpm, yarn, pip, uv,
 * cargo, go, Maven, Gradle, Python, Node, make, a shell; null where none is recognised.
 */
export function failureCause(output: string): string | null {
  const lines = printedLines(output);
  for (const recognise of RECOGNISERS) {
    const cause = recognise(lines)?.replaceAll(/\s+/g, ' ').trim();
    if (cause) return cause.length > MAX_CAUSE ? `${cause.slice(0, MAX_CAUSE).toWellFormed()}…` : cause;
  }
  return null;
}
