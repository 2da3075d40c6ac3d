/** What the command line ends with, documented in the README and in `baton --help`. */
export const EXIT = {
  ok: 0,
  /** The thing itself failed: a run failed, a file is not valid, a decision was refused. */
  failed: 1,
  /** The command was written wrongly. */
  usage: 2,
  /** No Baton answers, or it is not ready. */
  unreachable: 3,
  /** Not signed in, or not allowed. */
  notAllowed: 4,
  notFound: 5,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that ends a command: one sentence that says what to do, and the exit code. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];

  constructor(exitCode: ExitCode, code: string, message: string, errors: CliError['errors'] = []) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.errors = errors;
  }
}
