#!/usr/bin/env node
// Records the histories that test/replay replays anew, by running test/replay/record.ts on the real engine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const installed = join(root, 'node_modules/.bin/node');
const node = existsSync(installed) ? installed : process.execPath;
const jest = [
  '--disable-warning=ExperimentalWarning',
  '--experimental-vm-modules',
  join(root, 'node_modules/jest/bin/jest.js'),
];
const { status } = spawnSync(node, [...jest, '--testMatch', '<rootDir>/test/replay/record.ts'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
