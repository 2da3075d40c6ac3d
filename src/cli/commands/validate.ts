import { Command } from 'commander';
import { wantsJson, type Context } from '../context.js';

export const validateCommand = (context: Context): Command =>
  new Command('validate')
    .argument('<file>', 'a pipeline, a .baton/repository.yaml, or a folder that has one')
    .description('check a pipeline or a .baton/repository.yaml; no server needed')
    .action(async (file: string, _options: unknown, command: Command) => {
      const { validateFile } = await import('../validate.js');
      context.exitCode = await validateFile(file, { json: wantsJson(command), out: context.out });
    });
