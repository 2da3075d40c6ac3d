/** What the command line ends with; `--help` and docs/operating.md say the same. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notAllowed: 4,
  notFound: 5,
  alreadyRunning: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  failed: 'the thing itself failed: a run failed, a file is not valid, a request was refused',
  usage: 'the command was written wrongly, or a setting in the environment is',
  unreachable: 'no Baton answers, or it is not ready',
  notAllowed: 'not signed in, or not allowed',
  notFound: 'not found',
  alreadyRunning: '`up`: Baton runs on this data directory already',
  interrupted: 'interrupted by Ctrl-C; of `up`: by a second one, which ended everything at once',
};

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
