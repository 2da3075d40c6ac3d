import { z } from 'zod';
import type { Finding } from '../../domain/gate.js';
import { printedLines } from './printed-lines.js';
import type { RepositoryPath } from './repository-path.js';

/** What a linter printed: ESLint's JSON, its stylish table, or lines such as `a.py:3:1: F401 unused`, as most have. */
export function parseLint(printed: string, pathOf: RepositoryPath): Finding[] {
  return parseEslintJson(printed, pathOf) ?? parseLines(printed, pathOf);
}

const eslint = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string().nullable(),
        severity: z.number(),
        message: z.string(),
        line: z.number().optional(),
        fix: z.unknown().optional(),
      }),
    ),
  }),
);

/** Null where it is none. The list may follow on other output, such as that of a package manager. */
function parseEslintJson(printed: string, pathOf: RepositoryPath): Finding[] | null {
  const from = /^\[\{?/m.exec(printed);
  if (!from) return null;
  const files = eslint.safeParse(readJson(printed.slice(from.index)));
  if (!files.success) return null;
  return files.data.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, severity, message, line, fix }) => ({
      rule: ruleId ?? 'parse',
      severity: severity === 2 ? ('medium' as const) : ('low' as const),
      message,
      file: pathOf(filePath),
      line: line ?? null,
      fix: fix === undefined ? null : 'The linter can fix this itself.',
    })),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `  3:5  error  'x' is never used  no-unused-vars`, below the name of its file. */
const STYLISH = /^\s+(\d+):\d+\s+(error|warning)\s+(\S.*)$/;
/** `a.js:3:5: 'x' is never used [Error/no-unused-vars]`, `a.py:3:1: F401 unused`. */
const ONE_LINE = /^([^\s:][^:]*):(\d+)(?::\d+)?:\s+(\S.*)$/;

function parseLines(printed: string, pathOf: RepositoryPath): Finding[] {
  const findings: Finding[] = [];
  let file: string | null = null;
  for (const line of printedLines(printed)) {
    const [, at, level, text] = STYLISH.exec(line) ?? [];
    if (text !== undefined) {
      if (file !== null) findings.push(stylish(pathOf(file), Number(at), level!, text));
      continue;
    }
    const [, named, where, said] = ONE_LINE.exec(line) ?? [];
    if (said !== undefined) findings.push(oneLine(pathOf(named!), Number(where), said));
    file = /^\S/.test(line) ? line.trim() : null;
  }
  return findings;
}

/** The rule is the last column; a message of the parser has none. */
function stylish(file: string | null, line: number, level: string, text: string): Finding {
  const columns = text.trimEnd().split(/\s{2,}/);
  const rule = columns.length > 1 ? columns.pop()! : 'parse';
  return found({ rule, isError: level === 'error', message: columns.join('  '), file, line });
}

function oneLine(file: string | null, line: number, said: string): Finding {
  const [, unix, level, unixRule] = /^(.*) \[(Error|Warning)\/?(\S*)\]$/.exec(said) ?? [];
  if (unix !== undefined)
    return found({
      rule: unixRule === '' ? 'parse' : unixRule!,
      isError: level === 'Error',
      message: unix,
      file,
      line,
    });
  const [, code, message] = /^([A-Z]+\d+):? (.*)$/.exec(said) ?? [];
  if (code !== undefined) return found({ rule: code, isError: true, message: message!, file, line });
  return found({ rule: 'lint', isError: !/^warning\b/i.test(said), message: said, file, line });
}

interface Found {
  readonly rule: string;
  readonly isError: boolean;
  readonly message: string;
  readonly file: string | null;
  readonly line: number;
}

const found = ({ isError, ...rest }: Found): Finding => ({ ...rest, severity: isError ? 'medium' : 'low', fix: null });
