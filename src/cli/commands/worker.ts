import { Command } from 'commander';

export const workerCommand = (): Command =>
  new Command('worker')
    .description('run a worker here: DATABASE_URL and TEMPORAL_ADDRESS say of which Baton')
    .action(async () => {
      // It starts when it is imported, and runs until it is told to stop.
      await import('../../workers/main.js');
    });
