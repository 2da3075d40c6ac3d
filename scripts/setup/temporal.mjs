import { join } from 'node:path';
import { download, findDownload, inScratch, putInPlace } from './download.mjs';
import { cachedProgram } from './paths.mjs';
import { isExecutable, onPath, run } from './run.mjs';
import { SetupError } from './step.mjs';

const version = 'v1.5.1';
// The newest that `go install` takes: later ones carry a replace directive, which it refuses.
const goPackage = `github.com/temporalio/cli/cmd/temporal@${version}`;
const goTimeoutMs = 20 * 60_000;

/** The Temporal dev server: the user's own, else ours in the cache, else downloaded, else built with Go. */
export async function ensureTemporal({ announce }) {
  const cached = cachedProgram('temporal');
  for (const candidate of [onPath('temporal'), cached]) {
    if (candidate && (await runs(candidate))) return candidate;
  }

  const archive = await findDownload('cli', version);
  if (archive) {
    announce(`downloading ${archive.archiveUrl}`);
    await download(archive, cached);
    return `downloaded to ${cached}`;
  }
  if (onPath('go')) {
    announce('temporal.download cannot be reached; building with go install, about three minutes');
    await inScratch(async (scratch) => {
      const ldflags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version.slice(1)}`;
      const env = { ...process.env, GOBIN: scratch };
      await run(['go', 'install', '-ldflags', ldflags, goPackage], { env, timeoutMs: goTimeoutMs });
      await putInPlace(join(scratch, 'temporal'), cached);
    });
    return `built with go install to ${cached}`;
  }
  throw new SetupError(
    'there is no Temporal dev server: temporal.download cannot be reached and Go is not installed. ' +
      'Put the Temporal CLI on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a server of yours.',
  );
}

async function runs(program) {
  if (!isExecutable(program)) return false;
  return run([program, '--version'], { timeoutMs: 10_000 }).then(
    (output) => output.includes('Server 1.'),
    () => false,
  );
}
