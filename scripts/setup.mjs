#!/usr/bin/env node
// Makes a fresh clone ready: `setup.mjs start` for running Baton, `setup.mjs test` for its tests as well.
// `setup.mjs osv-scanner` gets that program alone, built with Go where its release cannot be downloaded.
// Runs on Node 20 with nothing installed, so it may import nothing but Node's own modules.
import { ensureAgentPrograms } from './setup/agent-programs.mjs';
import { buildEverything } from './setup/build.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { ensureGit } from './setup/git.mjs';
import { ensureGitleaks } from './setup/gitleaks.mjs';
import { ensureNode } from './setup/node.mjs';
import { ensureOsvScanner, ensureOsvScannerByAnyWay } from './setup/osv-scanner.mjs';
import { ensureSandbox } from './setup/sandbox.mjs';
import { step, SetupError } from './setup/step.mjs';
import { ensureTemporalOnPostgres } from './setup/temporal-on-postgres.mjs';
import { ensureTemporal, ensureTemporalToStart } from './setup/temporal.mjs';
import { ensureTestServer } from './setup/test-server.mjs';

const purpose = process.argv[2] ?? 'start';
const PURPOSES = ['start', 'test', 'osv-scanner'];
if (!PURPOSES.includes(purpose)) {
  console.error(`setup: unknown purpose "${purpose}"; use ${PURPOSES.join(', ')}`);
  process.exit(64);
}

try {
  if (purpose === 'osv-scanner') await step('osv-scanner', ensureOsvScannerByAnyWay);
  else await setUp();
} catch (error) {
  // A step has said its own.
  if (!(error instanceof SetupError)) console.error(`setup: ${error.message}`);
  process.exitCode = 1;
}

async function setUp() {
  await step('dependencies', installDependencies);
  await step('node', ensureNode);
  await step('git', ensureGit);
  await step('temporal server', purpose === 'start' ? ensureTemporalToStart : ensureTemporal);
  if (purpose === 'test') {
    await step('test server', ensureTestServer);
    await step('on PostgreSQL', ensureTemporalOnPostgres);
    await step('agent programs', ensureAgentPrograms);
  }
  await step('gitleaks', ensureGitleaks);
  await step('osv-scanner', ensureOsvScanner);
  await step('sandbox', ensureSandbox);
  if (purpose === 'test') {
    // Loaded only now: before the dependencies are installed it cannot be.
    const { ensureChromium } = await import('./setup/chromium.mjs');
    await step('chromium', ensureChromium);
  }
  await step('build', buildEverything);
}
