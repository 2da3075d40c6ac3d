/** A trigger written as a call: `manual`, `schedule.weekly(sunday, 2am)`, `issue.labeled('needs triage, p1')`. */
export interface Call {
  readonly name: string;
  /** Without their quotes; empty where there are no parentheses. */
  readonly given: readonly string[];
}

const CALL = /^(?<name>[\w.]+)(?:\s*\((?<inside>.*)\))?$/s;
// In quotes any character can stand; a quote is doubled, as in YAML, or has a backslash before it.
const ARGUMENT = /\s*(?:'(?<single>(?:[^'\\]|''|\\.)*)'|"(?<double>(?:[^"\\]|""|\\.)*)"|(?<word>[^,()]*?))\s*(?:,|$)/sy;

/** Reads a call; null where the text is none. */
export function parseCall(text: string): Call | null {
  const { name, inside } = CALL.exec(text)?.groups ?? {};
  if (name === undefined) return null;
  if (inside === undefined) return { name, given: [] };
  const given: string[] = [];
  const list = `${inside},`;
  for (ARGUMENT.lastIndex = 0; ARGUMENT.lastIndex < list.length;) {
    const found = ARGUMENT.exec(list)?.groups;
    if (!found) return null;
    const { single, double, word } = found;
    given.push(
      single?.replace(/''|\\(['\\])/g, (pair) => pair[1]!) ??
        double?.replace(/""|\\(["\\])/g, (pair) => pair[1]!) ??
        word!.trim(),
    );
  }
  return { name, given };
}
