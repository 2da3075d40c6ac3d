#!/usr/bin/env node
// Bundles the workflows once, at build time, so that a worker starts without bundling them itself.
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = resolve(import.meta.dirname, '..');
const workflowsPath = join(root, 'src/workflows/index.ts');
const destination = join(root, 'dist/workflow-bundle.js');

if (existsSync(workflowsPath)) {
  const { code } = await bundleWorkflowCode({ workflowsPath });
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(`${destination}.new`, code);
  await rename(`${destination}.new`, destination);
} else {
  console.log('no src/workflows/index.ts, nothing to bundle');
}
