import { join } from 'node:path';
import { downloadProgram, inScratch, putInPlace } from './download.mjs';
import { firstWay } from './first-way.mjs';
import { cachedProgram } from './paths.mjs';
import { isExecutable, onPath, run } from './run.mjs';
import { SetupError } from './step.mjs';

const version = 'v1.5.1';
// The newest that `go install` takes: later ones carry a replace directive, which it refuses.
const goPackage = `github.com/temporalio/cli/cmd/temporal@${version}`;
const goTimeoutMs = 20 * 60_000;

/** What a start needs: nothing where it is told of a Temporal service. */
export const ensureTemporalToStart = async (step) =>
  process.env.TEMPORAL_ADDRESS ? `yours, at ${process.env.TEMPORAL_ADDRESS}` : ensureTemporal(step);

/** The Temporal dev server: the user's own, else ours in the cache, else downloaded, else built with Go. */
export async function ensureTemporal(step) {
  const cached = cachedProgram('temporal');
  for (const candidate of [onPath('temporal'), cached]) {
    if (candidate && (await runs(candidate))) return candidate;
  }
  return firstWay(
    step,
    [() => downloadProgram(step, { artifact: 'cli', version, destination: cached }), () => buildWithGo(step, cached)],
    {
      missing: 'there is no Temporal dev server',
      mend: 'Put the Temporal CLI on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a server of yours.',
    },
  );
}

async function buildWithGo({ announce }, destination) {
  if (!onPath('go')) throw new SetupError('Go is not installed');
  announce('building with go install, about three minutes');
  await inScratch(async (scratch) => {
    const ldflags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version.slice(1)}`;
    const env = { ...process.env, GOBIN: scratch };
    await run(['go', 'install', '-ldflags', ldflags, goPackage], { env, timeoutMs: goTimeoutMs });
    await putInPlace(join(scratch, 'temporal'), destination);
  });
  return `built with go install to ${destination}`;
}

async function runs(program) {
  if (!isExecutable(program)) return false;
  return run([program, '--version'], { timeoutMs: 10_000 }).then(
    (output) => output.includes('Server 1.'),
    () => false,
  );
}
