/** Something that can be found. */
export interface Entry {
  /** Where it stands, as people read it. */
  readonly where: string;
  readonly text: string;
}

const MAX_TEXT = 600;

/** The entries that hold most of a query's words, at most so many, each around the first of them. */
export function searchEntries(entries: readonly Entry[], query: string, most: number): readonly Entry[] {
  const words = [...new Set(query.toLowerCase().split(/[^\p{L}\p{N}_$./-]+/u))].filter((word) => word.length > 1);
  return entries
    .map((entry) => {
      const text = `${entry.where}\n${entry.text}`.toLowerCase();
      return { entry, found: words.filter((word) => text.includes(word)) };
    })
    .filter(({ found }) => found.length > 0)
    .sort((a, b) => b.found.length - a.found.length)
    .slice(0, most)
    .map(({ entry: { where, text }, found }) => ({ where, text: around(text, found[0]!) }));
}

function around(text: string, word: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(word));
  const from = Math.max(0, Math.min(at - MAX_TEXT / 3, text.length - MAX_TEXT));
  return text.slice(from, from + MAX_TEXT).toWellFormed();
}
