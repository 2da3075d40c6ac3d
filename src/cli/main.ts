import { CommanderError } from 'commander';
import { createContext, type Context } from './context.js';
import { CliError, EXIT, type ExitCode } from './exit-code.js';
import { createProgram, everyCommand } from './program.js';

/** Codes of the platform that end a command otherwise than by 1. */
const EXITS: Readonly<Record<string, ExitCode>> = {
  'invalid-environment': EXIT.usage,
  'already-running': EXIT.alreadyRunning,
};

const context = createContext({ stdout: process.stdout, stderr: process.stderr, env: process.env });
const program = createProgram(context);
const json = process.argv.includes('--json');
for (const command of everyCommand(program)) {
  command.exitOverride();
  // Help that was asked for is on standard output; what is wrong with a command is said as JSON below.
  if (json) command.configureOutput({ writeErr: () => undefined });
}

try {
  await program.parseAsync();
  process.exitCode = context.exitCode;
} catch (error) {
  process.exitCode = explain(context, error);
}

/** One sentence that says what to do; never a stack. */
function explain({ out, note, style }: Context, error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const { code, message, errors, exitCode } = describe(error);
  // On one line: where the output is a document a line, the error is the last of them.
  if (json) out(JSON.stringify({ error: { code, message, errors } }));
  // Commander has said its own already.
  else if (!(error instanceof CommanderError)) {
    note(`${style.status('error')} ${message}`);
    for (const { pointer, message: fault } of errors)
      note(`  ${pointer.replace(/^\/source#/, '') || 'body'}: ${fault}`);
  }
  return exitCode;
}

function describe(error: unknown): Pick<CliError, 'code' | 'message' | 'errors' | 'exitCode'> {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) return usage(error);
  const { code, message } = error as { code?: unknown; message?: string };
  // A BatonError of the platform: it has a code and a sentence of its own.
  const known = typeof code === 'string' && /^[a-z]+(-[a-z]+)*$/.test(code);
  const said = message ?? String(error);
  return {
    code: known ? code : 'internal',
    message: known ? said : `Something went wrong that should not have: ${said}`,
    errors: [],
    exitCode: (known ? EXITS[code] : undefined) ?? EXIT.failed,
  };
}

function usage({ message }: CommanderError) {
  const said = message.replace(/^error: /, '').replaceAll('\n', ' ');
  return {
    code: 'usage',
    message: said === '(outputHelp)' ? 'Name a command; `baton --help` lists them.' : said,
    errors: [],
    exitCode: EXIT.usage,
  };
}
