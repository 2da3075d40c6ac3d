import type { Finding } from '../../domain/gate.js';
import { printedLines } from './printed-lines.js';
import type { RepositoryPath } from './repository-path.js';

/** `src/a.ts(3,5): error TS2322: …`; with `--pretty` `src/a.ts:3:5 - error TS2322: …`. */
const IN_FILE = /^(\S[^()]*?)(?:\((\d+),\d+\)|:(\d+):\d+)(?::| -) error (TS\d+): (.*)$/;
/** About the project as a whole. */
const WITHOUT_FILE = /^error (TS\d+): (.*)$/;

/** What the TypeScript compiler printed; indented lines after an error go on with its message. */
export function parseTsc(printed: string, pathOf: RepositoryPath): Finding[] {
  const findings: Finding[] = [];
  let goesOn = false;
  for (const line of printedLines(printed)) {
    const finding = readError(line, pathOf);
    if (finding) findings.push(finding);
    else if (goesOn && /^ {2,}\S/.test(line) && !/^\s+~+$/.test(line)) {
      const last = findings.at(-1)!;
      findings[findings.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
    goesOn = finding !== null || (goesOn && line.startsWith('  '));
  }
  return findings;
}

function readError(line: string, pathOf: RepositoryPath): Finding | null {
  const [, named, short, pretty, rule, message] = IN_FILE.exec(line) ?? [];
  if (named !== undefined) return { ...error(rule!, message!), file: pathOf(named), line: Number(short ?? pretty) };
  const [, code, text] = WITHOUT_FILE.exec(line) ?? [];
  return code === undefined ? null : error(code, text!);
}

const error = (rule: string, message: string): Finding => ({
  rule,
  severity: 'high',
  message,
  file: null,
  line: null,
  fix: null,
});
