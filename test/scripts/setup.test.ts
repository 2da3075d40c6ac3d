import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

let scratch: string;
let programs: string;
let service: Server;
let url: string;
let archives: number;
/** What the service has beside its archive, by path. */
const files = new Map<string, string>();
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'baton-setup-'));
  programs = join(scratch, 'bin');
  await mkdir(programs);
  archives = 0;
  files.clear();
  // Temporal's download service on a bad day: it knows the archive, and cannot give it.
  service = createServer((request, response) => {
    if (request.url!.startsWith('/archive')) {
      archives += 1;
      response.writeHead(500).end();
    } else if (files.has(request.url!)) response.end(files.get(request.url!));
    else if (request.url!.startsWith('/v')) response.writeHead(404).end();
    else response.end(JSON.stringify({ archiveUrl: `${url}/archive.tar.gz`, fileToExtract: 'temporal' }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((resolve) => service.close(resolve));
  await rm(scratch, { recursive: true, force: true });
});

/** A program on the PATH of the set-up, which has no others. */
async function program(name: string, script: string): Promise<void> {
  await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(programs, name), 0o755);
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** One step of the set-up, as a process with nothing on its PATH but what the test puts there. */
function runStep(module: string, name: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const script = `
    import { step } from './scripts/setup/step.mjs';
    import { ${name} } from './scripts/setup/${module}.mjs';
    await step('it', ${name}).catch(() => (process.exitCode = 1));`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '-e', script],
      {
        cwd: ROOT,
        env: { PATH: programs, BATON_CACHE_DIR: join(scratch, 'cache'), BATON_TEMPORAL_DOWNLOAD_URL: url, ...env },
      },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

describe('the set-up', () => {
  it('takes the next way where a download fails, and says why', async () => {
    // Stands in for Go, which takes minutes to build the real one.
    await program('go', `printf '#!/bin/sh\\n' > "$GOBIN/temporal"`);
    const { code, output } = await runStep('temporal', 'ensureTemporal');
    expect(code).toBe(0);
    expect(archives).toBe(1);
    expect(output).toMatch(/the download of http:\S+ failed \(http:\S+: HTTP 500\) …/);
    expect(output).toMatch(/built with go install to .*cache\/bin\/temporal/);
    expect(await readFile(join(scratch, 'cache/bin/temporal'), 'utf8')).toBe('#!/bin/sh\n');
  });

  it.each([
    ['temporal', 'ensureTemporal', /there is no Temporal dev server: .*HTTP 500\); Go is not installed\. Put the/],
    ['test-server', 'ensureTestServer', /there is no time-skipping test server: .*; Java and Maven are not both/],
  ])('says in one sentence why no way led to it, and what to do: %s', async (module, name, says) => {
    const { code, output } = await runStep(module, name);
    expect(code).toBe(1);
    expect(output).toMatch(says);
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('says that the service cannot be reached where it cannot', async () => {
    const { output } = await runStep('temporal', 'ensureTemporal', {
      BATON_TEMPORAL_DOWNLOAD_URL: 'http://127.0.0.1:1',
    });
    expect(output).toMatch(/no Temporal dev server: 127\.0\.0\.1:1 cannot be reached; Go is not installed/);
  });

  it("asks for no Temporal server where a start is told of one's own", async () => {
    const { code, output } = await runStep('temporal', 'ensureTemporalToStart', { TEMPORAL_ADDRESS: 'temporal:7233' });
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/yours, at temporal:7233 \(/) as string,
    });
    expect(archives).toBe(0);
  });

  it.each([
    ['is missing', null, /git is not installed; install git 2\.38 or newer/],
    ['is too old', '2.30.2', /git 2\.30\.2 is too old; install git 2\.38 or newer/],
  ])('ends where git %s', async (_, version, says) => {
    if (version !== null) await program('git', `echo "git version ${version}"`);
    const { code, output } = await runStep('git', 'ensureGit');
    expect(code).toBe(1);
    expect(output).toMatch(says);
  });

  it('takes the git that is there', async () => {
    await program('git', 'echo "git version 2.51.0 (Apple Git-1)"');
    expect((await runStep('git', 'ensureGit')).output).toMatch(/^ {2}it +2\.51\.0 \(/);
  });

  it('builds gitleaks where there is Go, and goes on without where there is none or it fails', async () => {
    const without = await runStep('gitleaks', 'ensureGitleaks');
    expect(without.code).toBe(0);
    expect(without.output).toMatch(/MISSING: scans for secrets are inconclusive without gitleaks\. Put it on PATH/);
    await program('go', 'echo "no network here" >&2; exit 1');
    const failed = await runStep('gitleaks', 'ensureGitleaks');
    expect(failed.code).toBe(0);
    expect(failed.output).toMatch(/MISSING: .* \(no network here\)/);
    // Stands in for Go, which takes a minute to build the real one.
    await program('go', `printf '#!/bin/sh\\n' > "$GOBIN/gitleaks"; /bin/chmod +x "$GOBIN/gitleaks"`);
    expect((await runStep('gitleaks', 'ensureGitleaks')).output).toMatch(/built with go install to .*bin\/gitleaks/);
    await program('go', 'exit 1');
    expect((await runStep('gitleaks', 'ensureGitleaks')).output).toMatch(/^ {2}it +\S+cache\/bin\/gitleaks \(/);
  });

  it('downloads osv-scanner only where it has the checksum of its release, and names the command that builds it', async () => {
    const env = { BATON_OSV_SCANNER_DOWNLOAD_URL: url };
    const ensure = () => runStep('osv-scanner', 'ensureOsvScanner', env);
    const name = `osv-scanner_${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
    const binary = '#!/bin/sh\n';
    const released = (sum: string) => {
      files.set('/v2.5.0/osv-scanner_SHA256SUMS', `${sum}  ${name}\n`);
      files.set(`/v2.5.0/${name}`, binary);
    };
    const absent = await ensure();
    expect(absent.code).toBe(0);
    expect(absent.output).toMatch(/MISSING: .* npm run setup:osv-scanner, .*SHA256SUMS: HTTP 404\)/);
    released('0'.repeat(64));
    expect((await ensure()).output).toMatch(/MISSING: .*does not have the checksum that its release names\)/);
    released(createHash('sha256').update(binary).digest('hex'));
    expect((await ensure()).output).toMatch(/downloaded v2\.5\.0 to .*cache\/bin\/osv-scanner \(/);
    files.clear();
    expect((await ensure()).output).toMatch(/^ {2}it +\S+cache\/bin\/osv-scanner \(/);
  });

  it('builds osv-scanner with Go for somebody who asks for it, where its release cannot be reached', async () => {
    const env = { BATON_OSV_SCANNER_DOWNLOAD_URL: 'http://127.0.0.1:1' };
    const without = await runStep('osv-scanner', 'ensureOsvScannerByAnyWay', env);
    expect(without.code).toBe(1);
    expect(without.output).toMatch(
      /osv-scanner cannot be had: 127\.0\.0\.1:1 cannot be reached; Go is not installed\. Put it/,
    );
    // Stands in for Go, which takes a quarter of an hour to build the real one.
    await program('go', `printf '#!/bin/sh\\n' > "$GOBIN/osv-scanner"; /bin/chmod +x "$GOBIN/osv-scanner"`);
    const built = await runStep('osv-scanner', 'ensureOsvScannerByAnyWay', env);
    expect(built.output).toMatch(
      /127\.0\.0\.1:1 cannot be reached …\n.*\n.*built with go install to .*bin\/osv-scanner/,
    );
  });

  it('says whatever goes wrong in a sentence, never with a stack', async () => {
    await symlink('/dev/null', join(scratch, 'cache'));
    await program('go', 'exit 0');
    const { code, output } = await runStep('temporal', 'ensureTemporal');
    expect(code).toBe(1);
    expect(output).toMatch(/failed after .*: there is no Temporal dev server: .*(EEXIST|ENOTDIR)/);
    expect(output).not.toMatch(/\n\s+at /);
  });
});
