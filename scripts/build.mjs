#!/usr/bin/env node
// Builds everything into dist/, each part only when its sources have changed.
import { buildEverything } from './setup/build.mjs';
import { step, SetupError } from './setup/step.mjs';

try {
  await step('build', buildEverything);
} catch (error) {
  if (!(error instanceof SetupError)) console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
