import { Command } from 'commander';
import { say, type Context } from '../context.js';
import type { Check } from '../doctor.js';
import { EXIT } from '../exit-code.js';

export const doctorCommand = (context: Context): Command =>
  new Command('doctor')
    .description('what is there, what is missing, and what mends it')
    .action(async (_options: unknown, command: Command) => {
      const { diagnose } = await import('../doctor.js');
      const checks = await diagnose(context.env);
      const failed = checks.some(({ state }) => state === 'error');
      if (failed) context.exitCode = EXIT.failed;
      say(context, command, { ok: !failed, checks }, () => checks.map((check) => lineOf(context, check)));
    });

/** Of the longest, `its search-attributes`, and a gap. */
const NAME_WIDTH = 25;

const lineOf = ({ style }: Context, { name, state, detail }: Check): string =>
  `${style.status(state)}${' '.repeat(9 - state.length)}${name.padEnd(NAME_WIDTH)}${detail}`;
