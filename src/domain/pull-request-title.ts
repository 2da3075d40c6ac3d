/** What a run's pull request is about. */
export interface TitledWork {
  readonly pipeline: string;
  readonly description: string | null;
  readonly number: number;
  readonly issue: { readonly title: string; readonly labels: readonly string[] } | null;
}

const CONVENTIONAL = /^[a-z]+(?:\([^)]*\))?!?: \S/;
const BUG = /^(?:bug|bugs|bugfix|bug-fix|fix|hotfix|defect|regression)$/;
const FEATURE = /^(?:feature|features|feat|enhancement)$/;
const MAX_LENGTH = 200;

/**
 * The title of a pull request whose step gives none: `fix: …` for a bug and `feat: …` for a feature with the issue's
 * title, by the issue's labels or else the pipeline's name; otherwise the issue's title, or what the pipeline is for.
 */
export function pullRequestTitle({ pipeline, description, number, issue }: TitledWork): string {
  if (!issue) return cut(description ?? `${pipeline}, run #${number}`);
  const title = oneLine(issue.title);
  if (CONVENTIONAL.test(title)) return cut(title);
  const prefix = prefixOf(issue.labels) ?? prefixOf(pipeline.split(/[^A-Za-z]+/));
  return cut(prefix === null ? title : `${prefix}: ${title}`);
}

/** `type: bug` and `kind/feature` are labels as well. */
function prefixOf(words: readonly string[]): 'fix' | 'feat' | null {
  const plain = words.map((word) => word.toLowerCase().replace(/^.*[:/]\s*/, ''));
  if (plain.some((word) => BUG.test(word))) return 'fix';
  return plain.some((word) => FEATURE.test(word)) ? 'feat' : null;
}

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

function cut(text: string): string {
  const line = oneLine(text);
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH - 1)}…`;
}
