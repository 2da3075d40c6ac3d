import { CommanderError, type Command } from 'commander';
import { createContext, type Context } from './context.js';
import { CliError, EXIT } from './exit-code.js';
import { createProgram } from './program.js';

const context = createContext({ stdout: process.stdout, stderr: process.stderr, env: process.env });
const program = createProgram(context);
const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];
for (const command of everyCommand(program)) command.exitOverride();

try {
  await program.parseAsync();
  process.exitCode = context.exitCode;
} catch (error) {
  process.exitCode = explain(context, error, process.argv.includes('--json'));
}

/** One sentence that says what to do; never a stack. */
function explain({ out, note, style }: Context, error: unknown, json: boolean): number {
  // Commander has said its own: help, version, or what is wrong with the command.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const { code, message, errors, exitCode } = describe(error);
  if (json) out(JSON.stringify({ error: { code, message, errors } }, null, 2));
  else {
    note(`${style.status('error')} ${message}`);
    for (const { pointer, message: fault } of errors)
      note(`  ${pointer.replace(/^\/source#/, '') || 'body'}: ${fault}`);
  }
  return exitCode;
}

function describe(error: unknown): Pick<CliError, 'code' | 'message' | 'errors' | 'exitCode'> {
  if (error instanceof CliError) return error;
  const { code, message } = error as { code?: unknown; message?: string };
  // A BatonError of the platform: it has a code and a sentence of its own.
  const known = typeof code === 'string' && /^[a-z]+(-[a-z]+)*$/.test(code);
  const said = message ?? String(error);
  return {
    code: known ? code : 'internal',
    message: known ? said : `Something went wrong that should not have: ${said}`,
    errors: [],
    exitCode: code === 'invalid-environment' ? EXIT.usage : EXIT.failed,
  };
}
