/** A command that is proposed, and why. */
export interface ProposedCommand {
  readonly command: string;
  readonly why: string;
}

export interface ProposedSetUp extends ProposedCommand {
  readonly network: boolean;
  readonly lockFiles: readonly string[];
  /** What it makes in the worktree. */
  readonly cache: readonly string[];
  readonly timeout?: string;
}

export interface ProposedTest extends ProposedCommand {
  /** Paths or globs of the JUnit reports that it writes. */
  readonly junit?: readonly string[];
  /** Whether it prints TAP. */
  readonly tap?: true;
  /** Whether it prints the events of `go test -json`. */
  readonly goJson?: true;
  readonly timeout?: string;
}

export interface ProposedCoverage extends ProposedCommand {
  readonly report: string;
}

/** What one ecosystem says of a repository. */
export interface Part {
  /** Name of its package manager or build tool. */
  readonly packageManager: string;
  /** The files that say so. */
  readonly because: string;
  readonly setup?: ProposedSetUp | undefined;
  readonly test?: ProposedTest | undefined;
  readonly lint?: ProposedCommand | undefined;
  readonly typecheck?: ProposedCommand | undefined;
  readonly coverage?: ProposedCoverage | undefined;
  /** What is not sure, or could not be found, each a sentence. */
  readonly doubts: readonly string[];
}
