const MAX_TEXT_CHARACTERS = 2_000;

/** What is read of the YAML block below a test point, in the keys that node's runner and tap write. */
export interface Diagnostics {
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly location: string | null;
  readonly type: string | null;
}

const KEY = /^( *)(\w+): *(.*)$/;

/** Reads the block that begins at `lines[at]`, if there is one; `next` is the line after it. Nothing in it is expanded. */
export function readDiagnostics(
  lines: readonly string[],
  at: number,
): { readonly diagnostics: Diagnostics; readonly next: number } {
  const facts = new Map<string, string>();
  const [, opened] = /^( *)---\s*$/.exec(lines[at] ?? '') ?? [];
  let next = at;
  if (opened !== undefined) {
    let end = at + 1;
    while (end < lines.length && !ends(lines[end]!, opened)) end += 1;
    readFacts(lines.slice(at + 1, end), opened.length, facts);
    next = lines[end]?.trim() === '...' ? end + 1 : end;
  }
  const durationMs = Number(facts.get('duration_ms') ?? Number.NaN);
  return {
    next,
    diagnostics: {
      durationMs: Number.isFinite(durationMs) && durationMs >= 0 ? durationMs : null,
      error: facts.get('error') ?? facts.get('message') ?? null,
      location: facts.get('location') ?? null,
      type: facts.get('type') ?? null,
    },
  };
}

/** A block that nobody closed ends with its indentation. */
const ends = (line: string, opened: string): boolean =>
  line.trimEnd() === `${opened}...` || (line.trim() !== '' && !line.startsWith(opened));

function readFacts(block: readonly string[], indentation: number, facts: Map<string, string>): void {
  let key: string | null = null;
  for (const line of block) {
    const [, { length } = '', name, value] = KEY.exec(line) ?? [];
    if (value !== undefined && length === indentation) {
      key = name!;
      facts.set(key, /^[|>][+-]?$/.test(value) ? '' : unquoted(value));
    } else if (key !== null && facts.get(key)!.length < MAX_TEXT_CHARACTERS) {
      facts.set(key, `${facts.get(key)!}\n${line.trim()}`.trimStart().slice(0, MAX_TEXT_CHARACTERS));
    }
  }
}

const unquoted = (value: string): string =>
  (/^'(.*)'$/.exec(value)?.[1]?.replaceAll("''", "'") ?? /^"(.*)"$/.exec(value)?.[1] ?? value).slice(
    0,
    MAX_TEXT_CHARACTERS,
  );
