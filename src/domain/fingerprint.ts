/** What a finding is known by from scan to scan: not its line's number, which every edit above it moves. */
export interface Fingerprinted {
  readonly rule: string;
  readonly file: string | null;
  readonly line: number | null;
  /** The text of its line, or what else stays the same of it. */
  readonly anchor: string;
}

/**
 * A text for each finding that is the same as long as rule, file and the line's text are, whatever its spaces; of equal
 * lines of one file the first has that of the first. To be hashed where it is kept: the line may hold a secret.
 */
export function fingerprintTexts(findings: readonly Fingerprinted[]): string[] {
  const bases = findings.map(({ rule, file, anchor }) =>
    JSON.stringify([rule, file, anchor.replace(/\s+/g, ' ').trim()]),
  );
  const order = findings
    .map((_, index) => index)
    .sort((one, other) => lineOf(findings[one]!) - lineOf(findings[other]!));
  const seen = new Map<string, number>();
  const texts: string[] = [];
  for (const index of order) {
    const base = bases[index]!;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    texts[index] = `${base}#${count}`;
  }
  return texts;
}

const lineOf = ({ line }: Fingerprinted): number => line ?? 0;
