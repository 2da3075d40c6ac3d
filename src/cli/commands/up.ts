import { Command } from 'commander';
import { wantsJson, type Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { startInJson, startInText } from '../output/start.js';

export const upCommand = (context: Context): Command =>
  new Command('up')
    .description('start everything on this machine: Temporal, PostgreSQL, API, worker; Ctrl-C stops it')
    .option('--no-demo', 'without the demo repository and its issue')
    .addHelpText('after', '\nWith --json it says a JSON document a line; the one of type "ready" has the addresses.')
    .action(async ({ demo }: { demo: boolean }, command: Command) => {
      // A terminal that is gone is no reason to end in the middle of ending.
      context.endsWithReader = false;
      const write = (text: string) => void process.stdout.write(text);
      const narrator = wantsJson(command) ? startInJson(write) : startInText(write);
      // Imported when it is needed: it brings the whole platform along.
      const { up } = await import('../../local/up.js');
      await up({ demo, narrator, endAtOnce: () => process.exit(EXIT.interrupted) });
    });
