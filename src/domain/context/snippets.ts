/** Lines of a file, `from` the 1-based first of them. */
export interface Snippet {
  readonly from: number;
  readonly text: string;
}

const AROUND = 4;
const MAX_LINE = 300;

/** What stands around lines of a file: the first `most` lines of it in all; the file's beginning where none are given. */
export function snippetsOf(content: string, lines: readonly number[], most: number): readonly Snippet[] {
  const all = content.split('\n');
  const spans: { from: number; to: number }[] = [];
  for (const line of lines.length === 0 ? [1] : lines) {
    const [from, to] = [Math.max(1, line - AROUND), Math.min(all.length, line + AROUND)];
    const last = spans.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else spans.push({ from, to });
  }
  let left = most;
  return spans.flatMap(({ from, to }) => {
    const kept = all.slice(from - 1, Math.min(to, from - 1 + left));
    left -= kept.length;
    return kept.length === 0 ? [] : [{ from, text: kept.map(cut).join('\n') }];
  });
}

const cut = (line: string): string =>
  line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1).replace(/[\ud800-\udbff]$/, '')}…`;
