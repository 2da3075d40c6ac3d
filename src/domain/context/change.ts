import type { Finding } from '../gate.js';

/** A file of a change, with what became of it. */
export interface ChangeFile {
  readonly path: string;
  /** A rename is a deletion and an addition. */
  readonly status: 'added' | 'modified' | 'deleted' | 'type-changed';
  /** Lines; null for binary files. */
  readonly added: number | null;
  readonly removed: number | null;
  /** Its unified diff; null: it is generated or binary, or did not fit into what was read. */
  readonly patch: string | null;
  /** Whether a program writes it, so that nobody reviews its lines. */
  readonly generated: boolean;
}

/** What a review of the same change said before. */
export interface EarlierReview {
  readonly step: string;
  readonly by: string;
  readonly summary: string;
  readonly findings: readonly Finding[];
}

/** The change that a run has made so far, as an engineer who goes on with it, or reviews it, wants to see it. */
export interface Change {
  /** Null where none is open yet. */
  readonly pullRequest: { readonly number: number; readonly title: string; readonly body: string } | null;
  readonly files: readonly ChangeFile[];
  readonly reviews: readonly EarlierReview[];
}

const GENERATED = [
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|gradle\.lockfile)$/,
  /(^|\/)(dist|vendor|node_modules|__snapshots__)\//,
  /\.(min\.(js|css)|map|snap|pb\.go)$|_pb2(_grpc)?\.py$/,
];

/** Whether a path is one that programs write, by its name. */
export const isGenerated = (path: string): boolean => GENERATED.some((pattern) => pattern.test(path));

/** The diffs in the order in which they are told within a budget: the smallest first, so that a large one leaves no other out. */
export const readingOrder = (files: readonly ChangeFile[]): readonly (ChangeFile & { readonly patch: string })[] =>
  files
    .flatMap((file) => (file.patch === null ? [] : [{ ...file, patch: file.patch }]))
    .sort((a, b) => a.patch.length - b.patch.length || (a.path < b.path ? -1 : 1));

/** What somebody did with files, in the words of an agent's events. */
export interface Look {
  readonly type: string;
  readonly text: string;
}

/** Of `git diff` and its like: they tell names or numbers, and no content. */
const NAMES_ONLY = /--(stat|numstat|shortstat|name-only|name-status|summary|quiet)\b/;
/** They name files and do not read them. */
const LISTS = /^\s*(ls|find|stat|test|echo|touch|wc|git\s+(status|ls-files))\b/;

const SHOWS_CHANGE = /\bgit\b[^|;&]*\b(diff|show|log\s+[^|;&]*-p)\b/;

/**
 * Whether an agent looked at a change: it was told the diff of a file, or read one, or had git show the change. A change
 * of generated files only has nothing else to look at than its list.
 *
 * @param toldPaths files whose diff, or a part of it, was in what the agent was told.
 */
export function lookedAt(
  { files }: Pick<Change, 'files'>,
  toldPaths: readonly string[],
  looks: readonly Look[],
): boolean {
  const toReview = files.filter(({ generated }) => !generated);
  if (toReview.length === 0 || toldPaths.length > 0) return true;
  return looks.some(({ type, text }) => {
    if (type === 'command' && SHOWS_CHANGE.test(text)) return !NAMES_ONLY.test(text);
    if (type === 'command' && LISTS.test(text)) return false;
    return toReview.some(({ path }) => text.includes(path));
  });
}
