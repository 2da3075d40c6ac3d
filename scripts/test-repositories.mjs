#!/usr/bin/env node
// Takes public repositories from `repo add --yes` to a merged change. Other folders: `PROGRAM=FOLDER …`; the stopwatch's log
// goes to the file that BATON_TEST_STOPWATCH names.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from './setup/paths.mjs';
import { ensureRepositoryTools } from './setup/repository-tools.mjs';

const given = process.argv.slice(2);
const tools = await ensureRepositoryTools();
const env = {
  ...process.env,
  PATH: [tools, process.env.PATH].join(delimiter),
  BATON_TEST_REPOSITORIES: given.length === 0 ? 'all' : given.join(','),
};
const child = spawn(process.execPath, [join(root, 'scripts/test.mjs'), 'test/repositories'], { env, stdio: 'inherit' });
child.once('exit', (code) => (process.exitCode = code ?? 1));
