import { Command } from 'commander';
import type { Context } from '../context.js';

export const upCommand = (context: Context): Command =>
  new Command('up')
    .description('start everything on this machine: Temporal, PostgreSQL, API, worker; Ctrl-C stops it')
    .option('--no-demo', 'without the demo repository and its issue')
    .action(async ({ demo }: { demo: boolean }) => {
      // Imported when it is needed: it brings the whole platform along.
      const { up } = await import('../../local/up.js');
      context.exitCode = await up({ demo, output: process.stdout });
    });
