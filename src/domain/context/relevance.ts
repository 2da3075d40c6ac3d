/** A line of a file in which one of the words stands. */
export interface FoundLine {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/** A commit of the history, newest first. */
export interface PastCommit {
  readonly message: string;
  readonly paths: readonly string[];
}

export interface RelevantFile {
  readonly path: string;
  /** Why it may matter, each in a few words. */
  readonly why: readonly string[];
  /** Lines in which the words stand; 1-based. */
  readonly lines: readonly number[];
}

interface Traces {
  readonly words: readonly string[];
  /** All of the repository's. */
  readonly paths: readonly string[];
  readonly lines: readonly FoundLine[];
  readonly history: readonly PastCommit[];
}

const NAMED = 20;
const IN_PATH = 6;
const IN_HISTORY = 3;
const REFERRED = 2;
/** A commit that changed more says little of each. */
const MAX_CHANGED = 30;
/** The most relevant, whose references count. */
const SOURCES = 5;

/**
 * The files that matter most for what is wanted, the first the most: those that are named, those in which its words stand
 * (a rare word counts more than a common one), those that commits changed whose messages say them, and those that the most
 * relevant ones are mentioned in.
 */
export function relevantFiles({ words, paths, lines, history }: Traces, most: number): readonly RelevantFile[] {
  const found = new Map<string, { score: number; why: Map<string, true>; lines: number[] }>();
  const add = (path: string, score: number, why: string): void => {
    const file = found.get(path) ?? { score: 0, why: new Map<string, true>(), lines: [] };
    file.score += score;
    file.why.set(why, true);
    found.set(path, file);
  };
  const there = new Set(paths);

  for (const path of paths) {
    const lower = path.toLowerCase();
    const stem = stemOf(lower);
    for (const word of words) {
      if (lower === word || lower.endsWith(`/${word}`)) add(path, NAMED, 'it is named');
      else if (stem.length > 2 && (word.includes(stem) || stem.includes(word)))
        add(path, IN_PATH, `${word} is in its name`);
    }
  }

  const inLower = lines.map((line) => ({ ...line, lower: line.text.toLowerCase() }));
  for (const word of words) {
    const hits = inLower.filter(({ lower }) => lower.includes(word));
    const files = new Map<string, number[]>();
    for (const { path, line } of hits) files.set(path, [...(files.get(path) ?? []), line]);
    const rarity = Math.log(1 + paths.length / Math.max(files.size, 1));
    for (const [path, at] of files) {
      add(path, rarity * (1 + Math.log(at.length)), `it says ${word}`);
      found.get(path)!.lines.push(...at);
    }
  }

  for (const { message, paths: changed } of history) {
    if (changed.length > MAX_CHANGED) continue;
    const said = message.toLowerCase();
    const shared = words.filter((word) => said.includes(word));
    if (shared.length === 0) continue;
    for (const path of changed.filter((one) => there.has(one)))
      add(path, (IN_HISTORY * shared.length) / changed.length, `a commit about ${shared[0]!} changed it`);
  }

  const byScore = () => [...found].sort(([a, { score: x }], [b, { score: y }]) => y - x || (a < b ? -1 : 1));
  for (const [source] of byScore().slice(0, SOURCES)) {
    const stem = stemOf(source);
    if (stem.length < 3) continue;
    const name = new RegExp(`['"/]${stem.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&')}(\\.\\w+)?['"]`);
    for (const { path, text } of lines)
      if (path !== source && name.test(text)) add(path, REFERRED, `it refers to ${source}`);
  }

  return byScore()
    .slice(0, most)
    .map(([path, { why, lines: at }]) => ({
      path,
      why: [...why.keys()],
      lines: [...new Set(at)].sort((a, b) => a - b),
    }));
}

/** A file's name without its folders and its endings. */
export const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/(\.\w+)+$/, '');
