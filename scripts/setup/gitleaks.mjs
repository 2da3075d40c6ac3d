import { join } from 'node:path';
import { inScratch, putInPlace } from './download.mjs';
import { cachedProgram } from './paths.mjs';
import { isExecutable, onPath, run } from './run.mjs';

const version = 'v8.30.0';
const goModule = 'github.com/zricethezav/gitleaks/v8';
const goTimeoutMs = 10 * 60_000;

const WITHOUT_GITLEAKS =
  'MISSING: scans for secrets are inconclusive without gitleaks. Put it on PATH ' +
  '(https://github.com/gitleaks/gitleaks), or install Go (https://go.dev/dl) and start again';

/**
 * gitleaks, one of the two that look for secrets: the user's own, else ours in the cache, else built with Go. Its absence
 * does not end the set-up: what needs it says so itself.
 */
export async function ensureGitleaks({ announce }) {
  const cached = cachedProgram('gitleaks');
  for (const candidate of [onPath('gitleaks'), cached]) {
    if (candidate && (await runs(candidate))) return candidate;
  }
  if (!onPath('go')) return WITHOUT_GITLEAKS;
  announce(`building gitleaks ${version} with go install, about a minute`);
  try {
    await inScratch(async (scratch) => {
      const ldflags = `-s -w -X ${goModule}/version.Version=${version.slice(1)}`;
      const env = { ...process.env, GOBIN: scratch };
      await run(['go', 'install', '-ldflags', ldflags, `${goModule}@${version}`], { env, timeoutMs: goTimeoutMs });
      await putInPlace(join(scratch, 'gitleaks'), cached);
    });
    return `built with go install to ${cached}`;
  } catch (error) {
    return `${WITHOUT_GITLEAKS} (${error.message.trimEnd().split('\n').at(-1)})`;
  }
}

async function runs(program) {
  if (!isExecutable(program)) return false;
  return run([program, 'version'], { timeoutMs: 10_000 }).then(
    () => true,
    () => false,
  );
}
